import Foundation
import LabelBinarization
import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import Testing

@Suite struct TrainerTests {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// A network with weights drawn from a seed.
  static func network(_ nodeCounts: [Int], seed: UInt32 = 3) throws -> NeuralNetwork {
    var source = NumPyRandomSource(seed: seed)
    return NeuralNetwork(try Architecture(nodeCounts), initializer: .standardNormal, using: &source)
  }

  /// Samples between 0 and 1, some features 0, and one-hot targets.
  static func data(_ count: Int, features: Int, classes: Int) -> (samples: Matrix<Double>, targets: Matrix<Double>) {
    var source = NumPyRandomSource(seed: 5)
    var samples = Matrix<Double>(rowCount: count, columnCount: features)
    var targets = Matrix<Double>(rowCount: count, columnCount: classes)
    for row in 0..<count {
      for column in 0..<features where source.uniform() < 0.6 { samples[row, column] = source.uniform() }
      targets[row, Int(source.integer(through: UInt64(classes - 1)))] = 1
    }
    return (samples, targets)
  }

  @Test("the article's training gives the same bits for any number of threads that share a wide first layer")
  func threads() throws {
    let data = Self.data(12, features: 500, classes: 10)
    func trained(threadCount: Int) throws -> NeuralNetwork {
      var network = try Self.network([500, 200, 10])
      let training = LabelledSamples(samples: Samples(data.samples), targets: Targets(data.targets))
      var source = SplittableRandomSource(seed: 0)
      let settings = TrainingSettings(epochs: 3, learningRate: 0.1)
      try Trainer(settings, threadCount: threadCount).train(&network, on: training, using: &source)
      return network
    }
    let expected = try trained(threadCount: 1)
    for threadCount in [2, 3, 8] {
      #expect(try trained(threadCount: threadCount) == expected, "\(threadCount) threads")
    }
  }

  @Test("the same with weights behind the second layer, images, a validation part and epochs of several calls")
  func threadsOnImages() throws {
    let scenario = TrainingScenario(
      nodeCounts: [500, 200, 70, 10], biases: .units, activation: .sigmoid, sampleCount: 101, hasValidation: true,
      settings: TrainingSettings(epochs: 2, learningRate: 0.1))
    let expected = try scenario.run()
    #expect(expected.network != (try scenario.untrained()))
    #expect(expected.network.form.isArticle && expected.validation.allSatisfy { $0 != nil })
    for threadCount in [2, 3, 8] {
      #expect(try scenario.run(threadCount: threadCount) == expected, "\(threadCount) threads")
    }
  }

  @Test("the article's predictions are the same for any number of threads, which read the same weights")
  func predictionThreads() throws {
    // Segments, and more than a thread's least work.
    let network = try Self.network([500, 200, 20, 10])
    let samples = Samples(Self.data(101, features: 500, classes: 10).samples)
    let (outputs, classes) = (
      network.outputs(for: samples, threadCount: 1), network.predictions(for: samples, threadCount: 1)
    )
    for threadCount in [2, 3, 8] {
      let outputsAndClasses = network.outputsAndClasses(for: samples, threadCount: threadCount)
      #expect(outputsAndClasses.outputs == outputs)
      #expect(outputsAndClasses.classes == classes)
      #expect(network.predictions(for: samples, threadCount: threadCount) == classes)
    }
  }

  @Test("a forward and a backward pass worked out by hand come out the same")
  func byHand() throws {
    // Two features, one hidden unit and its extra one, one output: weights [3, 2] and [2, 1].
    let architecture = try Architecture([2, 1, 1])
    let first = Matrix<Double>(rows: [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]])
    let second = Matrix<Double>(rows: [[0.7], [-0.8]])
    var network = NeuralNetwork(architecture, weights: [first, second])
    let (x0, x1, target, rate) = (0.5, 0.25, 1.0, 0.5)

    // Forward, the constant 1 behind the two features.
    let h0 = Self.sigmoid(x0 * 0.1 + x1 * 0.3 + 1 * -0.5)
    let h1 = Self.sigmoid(x0 * -0.2 + x1 * 0.4 + 1 * 0.6)
    let output = Self.sigmoid(h0 * 0.7 + h1 * -0.8)
    #expect(abs(network.outputs(for: [x0, x1])[0] - output) < 1e-15)

    // Backward, with the second layer's weights of before the update.
    let delta = output - target
    let delta0 = delta * 0.7 * h0 * (1 - h0)
    let delta1 = delta * -0.8 * h1 * (1 - h1)
    let expectedFirst = [
      [0.1 - rate * x0 * delta0, -0.2 - rate * x0 * delta1],
      [0.3 - rate * x1 * delta0, 0.4 - rate * x1 * delta1],
      [-0.5 - rate * delta0, 0.6 - rate * delta1],
    ]
    let expectedSecond = [0.7 - rate * h0 * delta, -0.8 - rate * h1 * delta]

    let history = try Trainer(epochs: 1, learningRate: rate)
      .train(&network, samples: Samples(Matrix(rows: [[x0, x1]])), targets: Targets(Matrix(rows: [[target]])))
    #expect(abs(history.epochs[0].cost - delta * delta) < 1e-15)
    for row in 0..<3 {
      for column in 0..<2 { #expect(abs(network.weights[0][row, column] - expectedFirst[row][column]) < 1e-15) }
    }
    for row in 0..<2 { #expect(abs(network.weights[1][row, 0] - expectedSecond[row]) < 1e-15) }
  }

  @Test(
    "the gradient is that of finite differences, every weight",
    arguments: [[3, 2], [4, 3, 2], [6, 5, 4, 3], [5, 9, 17, 8, 10]])
  func gradient(_ nodeCounts: [Int]) throws {
    let network = try Self.network(nodeCounts)
    let (samples, targets) = Self.data(1, features: nodeCounts[0], classes: nodeCounts[nodeCounts.count - 1])

    /// The binary cross-entropy: the loss of which the article's output delta, output - target without the sigmoid's
    /// slope, is the gradient.
    func loss(_ weights: [Matrix<Double>]) -> Double {
      let outputs = NeuralNetwork(network.architecture, weights: weights).outputs(for: samples.row(0))
      return zip(outputs, targets.row(0)).reduce(0) { $0 - $1.1 * log($1.0) - (1 - $1.1) * log(1 - $1.0) }
    }

    // One step with rate 1 subtracts exactly the gradient.
    var trained = network
    try Trainer(epochs: 1, learningRate: 1).train(&trained, samples: Samples(samples), targets: Targets(targets))
    let width = 1e-5
    for (layer, matrix) in network.weights.enumerated() {
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          var (above, below) = (network.weights, network.weights)
          above[layer][row, column] += width
          below[layer][row, column] -= width
          let expected = (loss(above) - loss(below)) / (2 * width)
          let found = matrix[row, column] - trained.weights[layer][row, column]
          #expect(abs(found - expected) < 1e-8 + 1e-6 * abs(expected), "layer \(layer), [\(row), \(column)]")
        }
      }
    }
  }

  @Test("every instruction set trains to the same bits")
  func sameBits() throws {
    let (samples, targets) = Self.data(60, features: 30, classes: 10)
    let untrained = try Self.network([30, 20, 35, 10])
    let results = try InstructionSet.allCases.filter(\.isAvailable).map { set in
      var network = untrained
      let trainer = try Trainer(epochs: 3, learningRate: 0.3, instructionSet: set)
      let history = try trainer.train(&network, samples: Samples(samples), targets: Targets(targets))
      return (network, history.epochs.map(\.cost))
    }
    for result in results {
      #expect(result.0 == results[0].0)
      #expect(result.1 == results[0].1)
    }
    #expect(results[0].0 != untrained)
  }

  @Test("one sample or many, the outputs are the same; and training on them lowers the cost")
  func predictions() throws {
    let (samples, targets) = Self.data(40, features: 12, classes: 4)
    var network = try Self.network([12, 8, 4])
    let history = try Trainer(epochs: 60, learningRate: 0.5).train(
      &network, samples: Samples(samples), targets: Targets(targets))
    #expect(history.epochs.count == 60)
    #expect(history.epochs[59].cost < history.epochs[0].cost / 2)
    let outputs = network.outputs(for: Samples(samples))
    let predictions = network.predictions(for: Samples(samples))
    for row in 0..<40 {
      #expect(network.outputs(for: samples.row(row)) == outputs.row(row))
      #expect(network.prediction(for: samples.row(row)) == predictions[row])
      #expect(outputs.row(row)[predictions[row]] == outputs.row(row).max())
    }
    #expect(network.outputs(for: Samples(Matrix(rowCount: 0, columnCount: 12))).rowCount == 0)
  }

  @Test("progress is reported to the end of every epoch, and can stop the training")
  func progress() throws {
    let (samples, targets) = Self.data(2500, features: 3, classes: 2)
    var network = try Self.network([3, 2])
    var reports: [TrainingProgress] = []
    try Trainer(epochs: 2, learningRate: 0.1).train(&network, samples: Samples(samples), targets: Targets(targets)) {
      reports.append($0)
      return .proceed
    }
    #expect(reports.map(\.samplesDone) == [1024, 2048, 2500, 1024, 2048, 2500])
    #expect(reports.map(\.epoch) == [1, 1, 1, 2, 2, 2])
    #expect(reports.map(\.isEnd) == [false, false, false, false, false, true])

    for stopAt in 1...6 {
      var (calls, stopped) = (0, try Self.network([3, 2]))
      let history = try Trainer(epochs: 2, learningRate: 0.1).train(
        &stopped, samples: Samples(samples), targets: Targets(targets)
      ) { _ in
        calls += 1
        return calls == stopAt ? .stop : .proceed
      }
      #expect(calls == stopAt)
      #expect(history.epochs.count == stopAt / 3)
      #expect(history.wasStopped == (stopAt < 6))
      #expect((stopped == network) == (stopAt == 6))
    }
  }

  @Test(
    "settings that cannot train are refused",
    arguments: [
      (0, 0.1, TrainerError.epochsNotPositive(found: 0)), (-3, 0.1, .epochsNotPositive(found: -3)),
      (1, 0, .learningRateNotPositive(found: 0)), (1, -0.5, .learningRateNotPositive(found: -0.5)),
      (1, .infinity, .learningRateNotPositive(found: .infinity)),
    ])
  func settings(_ epochs: Int, _ learningRate: Double, _ error: TrainerError) {
    #expect(throws: error) { try Trainer(epochs: epochs, learningRate: learningRate) }
    #expect(throws: TrainerError.self) { try Trainer(epochs: 1, learningRate: .nan) }
  }

  @Test("shapes that do not fit are refused, and the network stays as it was")
  func shapes() throws {
    let trainer = try Trainer(epochs: 1, learningRate: 0.1)
    let untrained = try Self.network([3, 2])
    var network = untrained
    func train(_ samples: (Int, Int), _ targets: (Int, Int)) throws {
      try trainer.train(
        &network, samples: Samples(Matrix(rowCount: samples.0, columnCount: samples.1)),
        targets: Targets(Matrix(rowCount: targets.0, columnCount: targets.1)))
    }
    #expect(throws: TrainerError.noSamples) { try train((0, 3), (0, 2)) }
    #expect(throws: TrainerError.featureCountDiffers(expected: 3, found: 4)) { try train((5, 4), (5, 2)) }
    #expect(throws: TrainerError.targetShapeDiffers(expected: [5, 2], found: [4, 2])) { try train((5, 3), (4, 2)) }
    #expect(throws: TrainerError.targetShapeDiffers(expected: [5, 2], found: [5, 3])) { try train((5, 3), (5, 3)) }
    #expect(network == untrained)
  }

  @Test("a batch that no memory could hold is refused before any is asked for")
  func memory() throws {
    let count = 500_000
    var network = try Self.network([1, 1_000_000, 2])
    let samples = LabelledSamples(
      samples: try Normalizer.none.transform([UInt8](repeating: 0, count: count), featureCount: 1),
      targets: try LabelBinarizer(classCount: 2).transform([Int](repeating: 0, count: count)))
    var source = SplittableRandomSource(seed: 0)
    let error = try #require(throws: TrainerError.self) {
      try Trainer(TrainingSettings(epochs: 1, batchSize: count, learningRate: 0.1)).train(
        &network, on: samples, using: &source)
    }
    #expect(
      "\(error)".hasPrefix("the training needs "))
  }

  @Test("a cost that is no number ends the training and leaves the network as it was")
  func costNotFinite() throws {
    let (samples, targets) = Self.data(20, features: 3, classes: 2)
    let untrained = try Self.network([3, 4, 2])
    var network = untrained
    #expect(throws: TrainerError.self) {
      try Trainer(epochs: 5, learningRate: 1e308).train(&network, samples: Samples(samples), targets: Targets(targets))
    }
    #expect(network == untrained)
    // Also where the progress callback asks to stop at just that moment.
    #expect(throws: TrainerError.self) {
      try Trainer(epochs: 5, learningRate: 1e308).train(&network, samples: Samples(samples), targets: Targets(targets))
      { _ in .stop }
    }
    #expect(network == untrained)
  }
}
