import Matrices
import NeuralNetwork
import RandomSources
import Testing

/// The order of samples, the learning rate from update to update, and the ways in which a training ends.
@Suite struct TrainingCourseTests {
  /// An optimizer that remembers nothing: many trainings one after the other are as one.
  static let scenario = TrainingScenario(
    nodeCounts: [20, 12, 4], sampleCount: 50,
    settings: TrainingSettings(epochs: 3, batchSize: 16, learningRate: 0.2, loss: .categoricalCrossEntropy))

  @Test("the same seed gives the same orders and dropout, and another seed others")
  func seeds() throws {
    for change: @Sendable (inout TrainingScenario) -> Void in [
      { $0.settings.shuffles = true }, { $0.settings.dropout = 0.3 },
    ] {
      let scenario = Self.scenario.with(change)
      let (one, other) = try (scenario.run(), scenario.with { $0.seed = 2 }.run())
      #expect(try scenario.run() == one)
      #expect(other.network != one.network && other.training != one.training)
    }
    #expect(try Self.scenario.with { $0.seed = 2 }.run() == Self.scenario.run())
  }

  @Test("each epoch takes the samples in a new order, that of the source's next permutation", arguments: [1, 16, 50])
  func orders(_ batchSize: Int) throws {
    let scenario = Self.scenario.with { $0.settings.batchSize = batchSize }
    let shuffled = try scenario.with { $0.settings.shuffles = true }.run()
    var (network, qualities) = (try scenario.untrained(), [CostAndAccuracy]())
    var source = SplittableRandomSource(seed: scenario.seed)
    var orders: Set<[Int]> = []
    for _ in 1...3 {
      let order = source.permutation(50)
      let epoch = try scenario.with { $0.settings.epochs = 1 }.run(from: network, at: order)
      network = epoch.network
      qualities += epoch.training
      orders.insert(order)
    }
    #expect(orders.count == 3)
    #expect(shuffled.network == network)
    #expect(shuffled.training == qualities)
  }

  @Test(
    "a schedule is applied from update to update",
    arguments: [
      LearningRateSchedule.constant, .step(everyEpochs: 1, factor: 0.5), .cosine, .oneCycle(warmUp: 0.4),
    ])
  func schedule(_ schedule: LearningRateSchedule) throws {
    let scheduled = Self.scenario.with { $0.settings.schedule = schedule }
    let whole = try scheduled.run()
    var (network, costs) = (try scheduled.untrained(), [Double]())
    for epoch in 0..<3 {
      var cost = 0.0
      for (batch, first) in stride(from: 0, to: 50, by: 16).enumerated() {
        let indices = Array(first..<min(first + 16, 50))
        let factor = schedule.factor(update: epoch * 4 + batch, updatesPerEpoch: 4, epochs: 3)
        let step = try Self.scenario.with {
          $0.settings.epochs = 1
          $0.settings.learningRate *= factor
        }.run(from: network, at: indices)
        network = step.network
        cost += step.training[0].cost * Double(indices.count)
      }
      costs.append(cost / 50)
    }
    #expect(whole.network == network)
    for (found, expected) in zip(whole.training, costs) { #expect(abs(found.cost - expected) < 1e-14) }
  }

  @Test("a training that is stopped amid an epoch keeps the weights as they are")
  func stopped() throws {
    for (epoch, samplesDone) in [(1, 16), (1, 48), (2, 32), (3, 16)] {
      let found = try Self.scenario.run(threadCount: 2) { progress in
        progress.epoch == epoch && progress.samplesDone == samplesDone ? .stop : .proceed
      }
      var network = try Self.scenario.untrained()
      if epoch > 1 { network = try Self.scenario.with { $0.settings.epochs = epoch - 1 }.run().network }
      let rest = try Self.scenario.with { $0.settings.epochs = 1 }.run(from: network, at: Array(0..<samplesDone))
      #expect(found.network == rest.network)
      #expect(found.end == .stopped && found.training.count == epoch - 1 && found.weightsEpoch == nil)
    }
  }

  @Test("progress tells of every batch, and of an epoch's end with the validation quality")
  func progress() throws {
    let scenario = Self.scenario.with { $0.hasValidation = true }
    var reports: [TrainingProgress] = []
    let result = try scenario.run {
      reports.append($0)
      return .proceed
    }
    #expect(reports.map(\.samplesDone) == Array(repeating: [16, 32, 48, 50], count: 3).flatMap { $0 })
    #expect(reports.filter(\.isEndOfEpoch).map(\.cost) == result.training.map(\.cost))
    #expect(reports.filter(\.isEndOfEpoch).map(\.validation) == result.validation)
    #expect(reports.filter { !$0.isEndOfEpoch }.allSatisfy { $0.validation == nil })
  }

  @Test("a training that diverges leaves the last good epoch's weights, and tells how it went", arguments: [0, 2])
  func divergence(_ patience: Int) throws {
    // Whole batches: the first step makes the weights huge, and the next sums infinite: those of the first epoch's
    // validation where there is one, otherwise those of the second epoch.
    let failing = patience > 0 ? 1 : 2
    let scenario = Self.scenario.with {
      $0.precision = .float32
      $0.settings.batchSize = 50
      $0.settings.learningRate = 1e30
      $0.hasValidation = patience > 0
      $0.settings.patience = patience > 0 ? patience : nil
    }
    var network = try scenario.untrained()
    var source = SplittableRandomSource(seed: scenario.seed)
    var trainer = try Trainer(scenario.settings, threadCount: 2)
    trainer.leastWorkOfThread = 0
    let error = try #require(throws: TrainerError.self) {
      try trainer.train(
        &network, on: scenario.data(), validation: patience > 0 ? scenario.data(isValidation: true) : nil,
        using: &source)
    }
    guard case .diverged(let epoch, let learningRate, let history) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(epoch == failing && learningRate == 1e30)
    // The first epoch's weights are finite numbers, but not what they lead to.
    #expect(history.end == .diverged && history.weightsEpoch == 0)
    #expect(try network == scenario.untrained())
    guard failing > 1 else {
      #expect(history.epochs.isEmpty)
      return
    }
    // What a single batch comes to is measured before the learning rate matters.
    let firstEpoch = scenario.with { ($0.settings.epochs, $0.settings.learningRate) = (1, 0.2) }
    #expect(history.epochs.map(\.training) == (try firstEpoch.run().training))
  }

  @Test(
    "an update that no cost has been measured after is tried too, the last one of a training and of one that is stopped",
    arguments: [true, false], [50, 16])
  func lastUpdate(_ isStopped: Bool, batchSize: Int) throws {
    for inputCount in [20, 200] {
      let scenario = Self.scenario.with {
        $0.precision = .float32
        $0.nodeCounts[0] = inputCount
        $0.settings.batchSize = batchSize
        // A single update, which makes the weights so huge that their sums are infinite.
        ($0.sampleCount, $0.settings.epochs) = (isStopped ? 2 * batchSize : batchSize, 1)
        $0.settings.learningRate = 1e30
      }
      var network = try scenario.untrained()
      var source = SplittableRandomSource(seed: scenario.seed)
      let error = try #require(throws: TrainerError.self) {
        try Trainer(scenario.settings).train(&network, on: scenario.data(), using: &source) { progress in
          isStopped && progress.samplesDone == batchSize ? .stop : .proceed
        }
      }
      guard case .diverged(1, _, let history) = error else {
        Issue.record("another error: \(error)")
        return
      }
      #expect(history.end == .diverged && history.weightsEpoch == 0 && history.epochs.isEmpty)
      #expect(try network == scenario.untrained())
    }
  }

  @Test("where weights are finite and what they lead to is not, a training that diverges falls back on those before")
  func divergenceInWholeBatches() throws {
    let scenario = Self.scenario.with {
      $0.precision = .float32
      $0.settings.batchSize = $0.sampleCount
      $0.settings.epochs = 100
      $0.settings.learningRate = 30
      $0.settings.weightDecay = 0.1
      $0.settings.patience = nil
    }
    var network = try scenario.untrained()
    var source = SplittableRandomSource(seed: scenario.seed)
    let error = try #require(throws: TrainerError.self) {
      try Trainer(scenario.settings).train(&network, on: scenario.data(), using: &source)
    }
    guard case .diverged(let epoch, _, let history) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(epoch > 2 && history.epochs.count == epoch - 1)
    let kept = try #require(history.weightsEpoch)
    #expect(kept == epoch - 1 || kept == epoch - 2)
    #expect(network.outputs(for: try scenario.data().samples).isFinite)
    let upToThere = try scenario.with { $0.settings.epochs = kept }.run()
    #expect(network == upToThere.network)
  }
}
