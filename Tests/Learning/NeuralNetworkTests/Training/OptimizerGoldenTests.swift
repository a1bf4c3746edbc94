import LabelBinarization
import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import TestFixtures
import Testing

/// What PyTorch's optimizers gave in float64, made by tools/reference/make_training_goldens.py.
struct OptimizerGoldens: Decodable, Sendable {
  /// One training; its batches are taken in the order of the samples.
  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var nodeCounts: [Int]
    var activation: Activation
    var loss: Loss
    var optimizer: Optimizer
    var learningRate: Double
    var schedule: LearningRateSchedule
    var weightDecay: Double
    var labelSmoothing: Double
    /// So many of the file's samples are trained on.
    var sampleCount: Int
    /// The weights, layer for layer and row after row, after the first, second, ... update; none where the learning
    /// rate depends on how many updates there are in all.
    var firstUpdates: [[[Double]]]
    /// The weights after the last update.
    var end: [[Double]]
    /// The mean cost of each epoch.
    var costs: [Double]

    var testDescription: String { name }
  }

  var batchSize: Int
  var epochs: Int
  /// `[samples, features]`.
  var samples: [[Double]]
  var labels: [Int]
  /// Of each architecture: matrices of rows, the last row being the biases.
  var firstWeights: [String: [[[Double]]]]
  var cases: [Case]

  static func stored() throws -> OptimizerGoldens { try Fixture("training/optimizers.json").decode() }
}

@Suite struct OptimizerGoldenTests {
  static let goldens = Result { try OptimizerGoldens.stored() }

  /// How far a number may be from PyTorch's, as a share of it or of 0.1, whichever is larger: a weight that is close to
  /// 0 is the difference of larger ones. PyTorch's own float32 keeps ten times below that for float32.
  static func tolerance(_ precision: Precision) -> Double { precision == .float64 ? 1e-10 : 1e-4 }

  /// Trains on the first samples of a case.
  static func train(
    _ golden: OptimizerGoldens.Case, sampleCount: Int, epochs: Int, precision: Precision
  ) throws -> (weights: [Matrix<Double>], costs: [Double]) {
    let file = try goldens.get()
    let architecture = try Architecture(golden.nodeCounts)
    let form = NetworkForm(
      architecture, biases: .weights, activation: golden.activation, outputActivation: golden.loss.outputActivation,
      precision: precision)
    let firstWeights = try #require(file.firstWeights[architecture.description]).map { Matrix(rows: $0) }
    var network = NeuralNetwork(form, weights: firstWeights)
    let settings = TrainingSettings(
      epochs: epochs, batchSize: file.batchSize, learningRate: golden.learningRate, schedule: golden.schedule,
      optimizer: golden.optimizer, loss: golden.loss, weightDecay: golden.weightDecay,
      labelSmoothing: golden.labelSmoothing)
    let samples = LabelledSamples(
      samples: Samples(Matrix(rows: Array(file.samples.prefix(sampleCount)))),
      targets: try LabelBinarizer(classCount: architecture.outputCount).transform(file.labels.prefix(sampleCount)))
    var source = SplittableRandomSource(seed: 1)
    let history = try Trainer(settings, threadCount: 1).train(&network, on: samples, using: &source)
    return (network.weights, history.epochs.map(\.cost))
  }

  static func check(_ found: [Matrix<Double>], _ expected: [[Double]], _ precision: Precision, _ moment: String) {
    #expect(found.count == expected.count)
    for (layer, (found, expected)) in zip(found, expected).enumerated() {
      let elements = (0..<found.rowCount).flatMap { found.row($0) }
      #expect(elements.count == expected.count)
      let differences = zip(elements, expected).map { abs($0 - $1) / max(abs($1), 0.1) }
      #expect(
        differences.allSatisfy { $0 <= tolerance(precision) },
        "layer \(layer) after \(moment): up to \(differences.max() ?? 0)")
    }
  }

  @Test(
    "the weights after the first updates are PyTorch's",
    arguments: try goldens.get().cases.filter { !$0.firstUpdates.isEmpty }, Precision.allCases)
  func firstUpdates(_ golden: OptimizerGoldens.Case, _ precision: Precision) throws {
    let batchSize = try Self.goldens.get().batchSize
    for (index, expected) in golden.firstUpdates.enumerated() {
      // So many samples are one epoch of so many updates.
      let sampleCount = min(golden.sampleCount, (index + 1) * batchSize)
      let found = try Self.train(golden, sampleCount: sampleCount, epochs: 1, precision: precision)
      Self.check(found.weights, expected, precision, "update \(index + 1)")
    }
  }

  @Test(
    "the weights at the end and each epoch's cost are PyTorch's", arguments: try goldens.get().cases,
    Precision.allCases)
  func wholeTraining(_ golden: OptimizerGoldens.Case, _ precision: Precision) throws {
    let epochs = try Self.goldens.get().epochs
    let found = try Self.train(golden, sampleCount: golden.sampleCount, epochs: epochs, precision: precision)
    Self.check(found.weights, golden.end, precision, "the last update")
    #expect(found.costs.count == golden.costs.count)
    for (found, expected) in zip(found.costs, golden.costs) {
      #expect(abs(found - expected) <= Self.tolerance(precision) * expected)
    }
  }

  @Test("the goldens are of every optimizer, activation, schedule and loss, but for the article's loss")
  func completeness() throws {
    let cases = try Self.goldens.get().cases
    #expect(Set(cases.map(\.optimizer.name)) == Set(Optimizer.Name.allCases))
    #expect(Set(cases.map(\.activation)) == Set(Activation.allCases))
    #expect(Set(cases.map(\.schedule.name)) == Set(LearningRateSchedule.Name.allCases))
    #expect(Set(cases.map(\.loss)) == Set(Loss.allCases).subtracting([.article]))
  }
}
