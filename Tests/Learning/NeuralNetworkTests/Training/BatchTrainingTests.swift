import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import Testing

/// That training on batches hangs neither on the threads nor on how samples are given.
@Suite struct BatchTrainingTests {
  /// Trainings of many kinds, small ones.
  static let scenarios: [TrainingScenario] = [
    TrainingScenario(
      nodeCounts: [30, 5, 3], settings: TrainingSettings(epochs: 3, batchSize: 7, learningRate: 0.2, shuffles: true)),
    TrainingScenario(
      nodeCounts: [30, 32, 3], biases: .units, precision: .float32, input: .matrix,
      settings: TrainingSettings(
        epochs: 3, batchSize: 32, learningRate: 0.2, optimizer: .momentum(0.9), loss: .squaredError)),
    TrainingScenario(
      nodeCounts: [33, 100, 40], activation: .tanh, input: .standardized, hasValidation: true,
      settings: TrainingSettings(
        epochs: 2, batchSize: 7, learningRate: 0.01, schedule: .cosine, optimizer: .adam(),
        loss: .categoricalCrossEntropy, weightDecay: 0.01, dropout: 0.2)),
    TrainingScenario(
      nodeCounts: [150, 130, 33, 40], precision: .float32, sampleCount: 100, hasValidation: true,
      settings: TrainingSettings(
        epochs: 3, batchSize: 32, learningRate: 0.1, optimizer: .nesterov(0.9), loss: .categoricalCrossEntropy,
        dropout: 0.4, labelSmoothing: 0.1, shuffles: true)),
    TrainingScenario(
      nodeCounts: [40, 100, 5, 3], biases: .units, activation: .sigmoid, input: .matrix,
      settings: TrainingSettings(
        epochs: 4, batchSize: 1000, learningRate: 0.1, optimizer: .adamW(), loss: .binaryCrossEntropy, dropout: 0.3,
        shuffles: true)),
    TrainingScenario(
      nodeCounts: [17, 32, 130, 3], biases: .units, precision: .float32, sampleCount: 20, hasValidation: true,
      settings: TrainingSettings(epochs: 2, batchSize: 1, learningRate: 0.1, optimizer: .momentum(0.5), dropout: 0.1)),
    // So wide, and batches so large, that lists of what is not 0 in hidden layers have several segments.
    TrainingScenario(
      nodeCounts: [30, 300, 210, 40, 3], precision: .float32, sampleCount: 330, hasValidation: true,
      settings: TrainingSettings(
        epochs: 2, batchSize: 130, learningRate: 0.05, optimizer: .adam(), loss: .categoricalCrossEntropy, dropout: 0.1,
        shuffles: true)),
    // One hidden layer, which the update reads by groups of its units.
    TrainingScenario(
      nodeCounts: [150, 130, 40], precision: .float32, sampleCount: 100, hasValidation: true,
      settings: TrainingSettings(
        epochs: 3, batchSize: 32, learningRate: 0.1, optimizer: .nesterov(0.9), loss: .categoricalCrossEntropy,
        dropout: 0.4, labelSmoothing: 0.1, shuffles: true)),
    TrainingScenario(
      nodeCounts: [200, 128, 3],
      settings: TrainingSettings(
        epochs: 2, batchSize: 7, learningRate: 0.01, schedule: .cosine, optimizer: .adamW(),
        loss: .categoricalCrossEntropy, weightDecay: 0.01, dropout: 0.2, shuffles: true)),
    TrainingScenario(
      nodeCounts: [129, 64, 3], biases: .units, activation: .sigmoid, precision: .float32,
      settings: TrainingSettings(
        epochs: 4, batchSize: 1000, learningRate: 0.1, optimizer: .momentum(0.9), loss: .binaryCrossEntropy)),
    TrainingScenario(
      nodeCounts: [140, 300, 17], activation: .tanh, sampleCount: 20, hasValidation: true,
      settings: TrainingSettings(epochs: 2, batchSize: 1, learningRate: 0.02, loss: .squaredError, weightDecay: 0.1)),
    TrainingScenario(
      nodeCounts: [150, 33, 1], biases: .units, precision: .float32,
      settings: TrainingSettings(
        epochs: 2, batchSize: 32, learningRate: 0.1, optimizer: .momentum(0.9), loss: .binaryCrossEntropy, dropout: 0.2)
    ),
    TrainingScenario(
      nodeCounts: [150, 70, 70],
      settings: TrainingSettings(
        epochs: 2, batchSize: 20, learningRate: 0.01, optimizer: .adam(), loss: .categoricalCrossEntropy,
        shuffles: true)),
    TrainingScenario(
      nodeCounts: [20, 40], input: .standardized,
      settings: TrainingSettings(
        epochs: 2, batchSize: 32, learningRate: 0.1, loss: .categoricalCrossEntropy, shuffles: true)),
  ]

  @Test("weights, costs and accuracies are the same for any number of threads, and again", arguments: scenarios)
  func threads(_ scenario: TrainingScenario) throws {
    let expected = try scenario.run()
    #expect(expected.network != (try scenario.untrained()))
    for threadCount in [1, 2, 3, 4, 7, 8] {
      #expect(try scenario.run(threadCount: threadCount) == expected, "\(threadCount) threads")
    }
  }

  @Test("AVX2 and AVX-512 train to the same bits, and plain x86-64 to nearly the same", arguments: scenarios)
  func instructionSets(_ scenario: TrainingScenario) throws {
    let expected = try scenario.run()
    for set in InstructionSet.allCases where set.isAvailable {
      let found = try scenario.run(instructionSet: set)
      if set == .plain {
        #expect(Self.difference(found.network, expected.network) < (scenario.precision == .float32 ? 1e-3 : 1e-10))
      } else {
        #expect(found == expected, "\(set)")
      }
    }
  }

  /// The largest difference of two networks' weights.
  static func difference(_ one: NeuralNetwork, _ other: NeuralNetwork) -> Double {
    zip(one.weights, other.weights).flatMap { zip($0.elements, $1.elements).map { abs($0 - $1) } }.max() ?? .infinity
  }

  @Test("bytes, most of which are 0, train like the matrix that they are scaled to", arguments: Precision.allCases)
  func bytesAndMatrix(_ precision: Precision) throws {
    for scenario in Self.scenarios {
      let scenario = scenario.with {
        $0.precision = precision
        $0.input = .bytes
      }
      let bytes = try scenario.run()
      let matrix = try scenario.with { $0.input = .matrix }.run()
      #expect(Self.difference(bytes.network, matrix.network) < (precision == .float32 ? 1e-3 : 1e-10), "\(scenario)")
      // Nor are they the same sums.
      #expect(Self.difference(bytes.network, try scenario.untrained()) > 0.01)
    }
  }

  @Test("an optimizer with a momentum of 0 takes the article's steps, on batches of one sample", arguments: [2, 5])
  func article(_ epochs: Int) throws {
    for nodeCounts in [[30, 5, 3], [40, 20, 13, 10]] {
      let article = TrainingScenario(
        nodeCounts: nodeCounts, biases: .units, activation: .sigmoid, hasValidation: true,
        settings: TrainingSettings(epochs: epochs, learningRate: 0.3))
      let batches = article.with { $0.settings.optimizer = .momentum(0) }
      let (expected, found) = try (article.run(), batches.run())
      #expect(Self.difference(found.network, expected.network) < 1e-10)
      for (found, expected) in zip(
        found.training + found.validation.compactMap { $0 }, expected.training + expected.validation.compactMap { $0 })
      {
        #expect(abs(found.cost - expected.cost) < 1e-10)
        #expect(found.accuracy == expected.accuracy)
      }
      #expect(found.validation.compactMap { $0 }.count == epochs)
    }
  }

  @Test("outputs are the same for any number of threads, and for a sample alone", arguments: scenarios)
  func predictions(_ scenario: TrainingScenario) throws {
    let network = try scenario.untrained()
    // So many that more than one thread is used, but for the smallest networks.
    let indices = (0..<2000).map { $0 * 7 % scenario.sampleCount }
    let samples = try scenario.data(at: indices).samples
    let (outputs, classes) = (
      network.outputs(for: samples, threadCount: 1), network.predictions(for: samples, threadCount: 1)
    )
    #expect(zip(classes, outputs.indicesOfRowMaxima).allSatisfy { $0 == $1 })
    for threadCount in [2, 3, 8] {
      let outputsAndClasses = network.outputsAndClasses(for: samples, threadCount: threadCount)
      #expect(outputsAndClasses.outputs == outputs)
      #expect(outputsAndClasses.classes == classes)
      #expect(network.predictions(for: samples, threadCount: threadCount) == classes)
    }
    for part in [[0], [3, 2], Array(0..<65)] {
      let found = network.outputs(for: try scenario.data(at: part.map { indices[$0] }).samples)
      #expect(found == outputs.rows(at: part))
    }
  }

  @Test(
    "the validation quality is that of the network after the epoch, without dropout",
    arguments: scenarios.filter { $0.settings.loss != .article })
  func validation(_ scenario: TrainingScenario) throws {
    let scenario = scenario.with { $0.hasValidation = true }
    let result = try scenario.run(threadCount: 2)
    let (bytes, classes) = scenario.images(isValidation: true)
    let samples = try scenario.normalizer().transform(bytes, featureCount: scenario.nodeCounts[0])
    let targets = Matrix(rows: classes.map { wanted in (0..<scenario.classCount).map { $0 == wanted ? 1.0 : 0 } })
    let costAndAccuracy = try #require(result.validation.last ?? nil)
    let cost = ReferenceNetwork(result.network).cost(
      ReferenceLoss(scenario.settings.loss, labelSmoothing: scenario.settings.labelSmoothing),
      samples: samples.matrix(), targets: targets)
    let tolerance = scenario.precision == .float32 ? 1e-5 : 1e-12
    #expect(abs(costAndAccuracy.cost - cost) < tolerance * cost)
    let rightCount = zip(result.network.predictions(for: samples), classes).count { $0 == $1 }
    #expect(costAndAccuracy.accuracy == Double(rightCount) / 70)
  }
}
