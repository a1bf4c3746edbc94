import LabelBinarization
import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import Testing

/// What a training takes from the weights, against central differences of its cost.
///
/// One step over one batch of all samples, with the plain rule and a learning rate of 1, takes exactly the gradient.
@Suite struct GradientTests {
  /// A kind of network with a loss.
  struct Kind: CustomTestStringConvertible, Sendable {
    var activation: Activation
    var loss: Loss
    var biases: NetworkForm.Biases
    var nodeCounts = [5, 4, 6, 3]

    var testDescription: String { "\(activation), \(loss), biases as \(biases), \(nodeCounts)" }

    static let all = Activation.allCases.flatMap { activation in
      Loss.allCases.flatMap { loss in
        NetworkForm.Biases.allCases.map { Kind(activation: activation, loss: loss, biases: $0) }
      }
    }

    /// ReLU layers that are so wide that what is not 0 in them is listed.
    static let wide = NetworkForm.Biases.allCases.map { biases in
      Kind(activation: .relu, loss: .categoricalCrossEntropy, biases: biases, nodeCounts: [5, 18, 20, 17, 3])
    }

    func network() throws -> NeuralNetwork {
      var source = SplittableRandomSource(seed: 11)
      let form = NetworkForm(
        try Architecture(nodeCounts), biases: biases, activation: activation,
        outputActivation: loss.outputActivation)
      let weights = form.weightShapes.map { inputs, outputs in
        Matrix(
          rowCount: inputs, columnCount: outputs,
          elements: (0..<inputs * outputs).map { _ in source.standardNormal() * 0.7 })
      }
      return NeuralNetwork(form, weights: weights)
    }
  }

  /// Seven samples, some of whose features are 0, each of one class.
  static let samples = {
    var source = SplittableRandomSource(seed: 12)
    return Matrix(
      rowCount: 7, columnCount: 5,
      elements: (0..<35).map { _ in source.uniform() < 0.3 ? 0 : source.uniform() * 2 - 0.5 })
  }()
  static let classes = Matrix(rows: (0..<7).map { row in (0..<3).map { $0 == row * 2 % 3 ? 1.0 : 0 } })

  /// A network after one step, and the cost that was reported.
  static func step(
    _ network: NeuralNetwork, _ loss: Loss, samples: Matrix<Double> = samples, targets: Matrix<Double>,
    change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> (weights: [Matrix<Double>], cost: Double) {
    var trained = network
    var settings = TrainingSettings(epochs: 1, batchSize: samples.rowCount, learningRate: 1, loss: loss)
    change(&settings)
    var source = SplittableRandomSource(seed: 13)
    var trainer = try Trainer(settings, threadCount: 2)
    trainer.leastWorkOfThread = 0
    let history = try trainer.train(
      &trained, on: LabelledSamples(samples: Samples(samples), targets: Targets(targets)), using: &source)
    return (trained.weights, history.epochs[0].cost)
  }

  /// Returns the mean cost whose gradient a training step subtracts: of the article's loss, the binary cross-entropy.
  static func differentiableCost(
    _ loss: Loss, of network: NeuralNetwork, targets: Matrix<Double>, labelSmoothing: Double = 0
  ) -> Double {
    let loss = loss == .article ? Loss.binaryCrossEntropy : loss
    return ReferenceNetwork(network).cost(
      ReferenceLoss(loss, labelSmoothing: labelSmoothing), samples: samples, targets: targets)
  }

  /// Compares what a step took from each weight with the differences of a cost as that weight is a little more or less.
  static func check(
    _ network: NeuralNetwork, trained: [Matrix<Double>], cost: (NeuralNetwork) throws -> Double
  ) rethrows {
    let width = 1e-5
    var largest = 0.0
    for (layer, matrix) in network.weights.enumerated() {
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          func moved(by distance: Double) throws -> Double {
            var weights = network.weights
            weights[layer][row, column] += distance
            return try cost(NeuralNetwork(network.form, weights: weights))
          }
          let expected = try (moved(by: width) - moved(by: -width)) / (2 * width)
          let found = matrix[row, column] - trained[layer][row, column]
          #expect(abs(found - expected) < 1e-8 + 1e-6 * abs(expected), "layer \(layer), [\(row), \(column)]")
          largest = max(largest, abs(expected))
        }
      }
    }
    #expect(largest > 0.01, "there is a gradient to compare")
  }

  @Test("the gradient is that of finite differences, and the cost the formula's", arguments: Kind.all + Kind.wide)
  func gradient(_ kind: Kind) throws {
    let network = try kind.network()
    let (trained, cost) = try Self.step(network, kind.loss, targets: Self.classes)
    Self.check(network, trained: trained) {
      Self.differentiableCost(kind.loss, of: $0, targets: Self.classes)
    }
    let reference = ReferenceNetwork(network)
    let values = reference.forward(Self.samples)
    let (costs, delta) = ReferenceLoss(kind.loss).evaluate(values[values.count - 1], Self.classes)
    #expect(abs(cost - costs.reduce(0, +) / 7) < 1e-13)
    // The step subtracted exactly the reference's gradients.
    let gradients = reference.backward(values, from: delta)
    for (layer, gradient) in gradients.enumerated() {
      for (row, expected) in (0..<gradient.weights.rowCount).map(gradient.weights.row).enumerated() {
        for (column, expected) in expected.enumerated() {
          let found = network.weights[layer][row, column] - trained[layer][row, column]
          #expect(abs(found - expected) < 1e-13, "layer \(layer), [\(row), \(column)]")
        }
      }
      guard network.weights[layer].rowCount > gradient.weights.rowCount else { continue }
      for (column, expected) in gradient.bias.enumerated() {
        let row = gradient.weights.rowCount
        let found = network.weights[layer][row, column] - trained[layer][row, column]
        #expect(abs(found - expected) < 1e-13, "bias of layer \(layer), [\(column)]")
      }
    }
  }

  @Test("the gradient of many samples is the mean of each one's, where lists of them have several segments")
  func manySamples() throws {
    let kind = Kind(
      activation: .relu, loss: .categoricalCrossEntropy, biases: .weights, nodeCounts: [5, 210, 70, 40, 3])
    let network = try kind.network()
    var source = SplittableRandomSource(seed: 15)
    let count = 250
    let rows = (0..<count).map { _ in (0..<5).map { _ in source.uniform() * 2 - 1 } }
    let targets = (0..<count).map { row in (0..<3).map { $0 == row % 3 ? 1.0 : 0 } }
    let trained = try Self.step(network, kind.loss, samples: Matrix(rows: rows), targets: Matrix(rows: targets)).weights
    let alone = try zip(rows, targets).map { row, target in
      try Self.step(network, kind.loss, samples: Matrix(rows: [row]), targets: Matrix(rows: [target])).weights
    }
    var largest = 0.0
    for (layer, matrix) in network.weights.enumerated() {
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          let steps = alone.map { matrix[row, column] - $0[layer][row, column] }
          let size = steps.map(abs).reduce(0, +) / Double(count)
          let difference = matrix[row, column] - trained[layer][row, column] - steps.reduce(0, +) / Double(count)
          #expect(abs(difference) <= 1e-12 * (1 + size), "layer \(layer), [\(row), \(column)]")
          largest = max(largest, size)
        }
      }
    }
    #expect(largest > 0.01, "there is a gradient to compare")
  }

  @Test("the same for targets that are any numbers", arguments: Loss.allCases)
  func anyTargets(_ loss: Loss) throws {
    var source = SplittableRandomSource(seed: 14)
    let targets = Matrix(rowCount: 7, columnCount: 3, elements: (0..<21).map { _ in source.uniform() })
    let network = try Kind(activation: .tanh, loss: loss, biases: .weights).network()
    let trained = try Self.step(network, loss, targets: targets).weights
    Self.check(network, trained: trained) {
      Self.differentiableCost(loss, of: $0, targets: targets)
    }
  }

  @Test("the same with label smoothing", arguments: Kind.all.filter { $0.activation == .tanh })
  func labelSmoothing(_ kind: Kind) throws {
    let network = try kind.network()
    let trained = try Self.step(network, kind.loss, targets: Self.classes) { $0.labelSmoothing = 0.2 }.weights
    Self.check(network, trained: trained) {
      Self.differentiableCost(kind.loss, of: $0, targets: Self.classes, labelSmoothing: 0.2)
    }
  }

  @Test("weight decay adds that share of each weight, and does not count in the cost", arguments: Loss.allCases)
  func weightDecay(_ loss: Loss) throws {
    let network = try Kind(activation: .sigmoid, loss: loss, biases: .weights).network()
    let (trained, cost) = try Self.step(network, loss, targets: Self.classes) { $0.weightDecay = 0.3 }
    Self.check(network, trained: trained) { network in
      // Half the weights' squares times the decay is what has it as its gradient.
      let squares = network.weights.flatMap(\.elements).reduce(0) { $0 + $1 * $1 }
      return Self.differentiableCost(loss, of: network, targets: Self.classes) + 0.3 / 2 * squares
    }
    #expect(try cost == Self.step(network, loss, targets: Self.classes).cost)
  }

  @Test("the same with dropout, which drops the same units from the same seed", arguments: Kind.all + Kind.wide)
  func dropout(_ kind: Kind) throws {
    let network = try kind.network()
    let (trained, cost) = try Self.step(network, kind.loss, targets: Self.classes) { $0.dropout = 0.3 }
    #expect(try cost != Self.step(network, kind.loss, targets: Self.classes).cost)
    // The cost that a training reports is of the network with its dropped units, before the step.
    let loss = kind.loss == .article ? .binaryCrossEntropy : kind.loss
    try Self.check(network, trained: trained) {
      try Self.step($0, loss, targets: Self.classes) { $0.dropout = 0.3 }.cost
    }
  }
}
