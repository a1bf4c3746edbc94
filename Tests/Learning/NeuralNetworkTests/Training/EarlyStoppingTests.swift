import NeuralNetwork
import RandomSources
import Testing

@Suite struct EarlyStoppingTests {
  /// Random classes cannot be learned: what is learned by heart makes the validation part worse.
  static let scenarios = [
    TrainingScenario(
      nodeCounts: [30, 40, 3], sampleCount: 40, hasValidation: true, seed: 3,
      settings: TrainingSettings(
        epochs: 14, batchSize: 8, learningRate: 0.06, loss: .categoricalCrossEntropy, dropout: 0.5, shuffles: true)),
    TrainingScenario(
      nodeCounts: [30, 10, 3], biases: .units, activation: .sigmoid, sampleCount: 40, hasValidation: true, seed: 2,
      settings: TrainingSettings(epochs: 14, learningRate: 0.5, shuffles: true)),
  ]

  /// When a training with some patience ends, and which epoch was the best until then, by its validation costs.
  static func end(_ costs: [Double], patience: Int) -> (last: Int, best: Int) {
    var best = 1
    for epoch in 1...costs.count {
      if costs[epoch - 1] < costs[best - 1] { best = epoch }
      if epoch - best >= patience { return (epoch, best) }
    }
    return (costs.count, best)
  }

  @Test("it ends after so many epochs without a new lowest cost, with the best one's weights", arguments: scenarios)
  func patience(_ scenario: TrainingScenario) throws {
    let whole = try scenario.run()
    let costs = whole.validation.compactMap { $0?.cost }
    try #require(costs.count == 14)
    var lasts: Set<Int> = []
    for patience in [1, 2, 3, 4, 6, 20] {
      let (last, best) = Self.end(costs, patience: patience)
      let found = try scenario.with { $0.settings.patience = patience }.run()
      #expect(found.training == Array(whole.training.prefix(last)))
      #expect(found.validation == Array(whole.validation.prefix(last)))
      #expect(found.end == (last < 14 ? .stoppedEarly : .completed))
      #expect(found.weightsEpoch == (best == last ? nil : best))
      // A constant learning rate knows nothing of how many epochs there will be.
      #expect(try found.network == scenario.with { $0.settings.epochs = best }.run().network)
      lasts.insert(last)
    }
    #expect(lasts.count >= 3, "the patiences are told apart: \(costs)")
  }

  @Test("without patience, and where validation samples are none, the training is the same", arguments: scenarios)
  func validationChangesNothing(_ scenario: TrainingScenario) throws {
    let with = try scenario.run(threadCount: 2)
    let without = try scenario.with { $0.hasValidation = false }.run(threadCount: 2)
    #expect(with.network == without.network)
    #expect(with.training == without.training)
    #expect(without.validation.allSatisfy { $0 == nil } && with.validation.allSatisfy { $0 != nil })
    #expect(with.weightsEpoch == nil && with.end == .completed)
  }

  @Test("patience without validation samples is refused", arguments: scenarios)
  func noValidation(_ scenario: TrainingScenario) throws {
    let scenario = scenario.with {
      $0.hasValidation = false
      $0.settings.patience = 3
    }
    #expect(throws: TrainerError.noValidationSamples) { try scenario.run() }
  }

  @Test("a training that is stopped leaves the weights of the best epoch until then", arguments: scenarios)
  func stopped(_ scenario: TrainingScenario) throws {
    let scenario = scenario.with {
      $0.settings.patience = 10
      // Reports come amid the epochs, too.
      $0.settings.optimizer = .momentum(0)
    }
    let costs = try scenario.run().validation.compactMap { $0?.cost }
    for epochs in 1...5 {
      let best = Self.end(Array(costs.prefix(epochs)), patience: 10).best
      let expected = try scenario.with { $0.settings.epochs = best }.run().network
      for isAmidNext in [false, true] {
        let found = try scenario.run { progress in
          let isThere = progress.epoch == epochs + (isAmidNext ? 1 : 0) && progress.isEndOfEpoch != isAmidNext
          return isThere ? .stop : .proceed
        }
        #expect(found.end == .stopped)
        #expect(found.training.count == epochs)
        #expect(found.weightsEpoch == best)
        #expect(found.network == expected)
      }
    }
  }
}
