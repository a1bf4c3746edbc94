internal import ArgumentParser
internal import Datasets
internal import NeuralNetwork
internal import Splitting

/// A set of settings under one name.
enum Preset: String, CaseIterable, Codable, ExpressibleByArgument {
  /// The article's: its network, its training, its split.
  case article
  /// A good result within seconds.
  case fast
  /// The best result that a network of this kind gives.
  case accurate

  /// What it stands for.
  var settings: PresetSettings {
    switch self {
    case .article: .article
    case .fast: .fast
    case .accurate: .accurate
    }
  }

  /// The one that is used where none is asked for.
  static func usual(for data: ImageDataset) -> Preset {
    data.rowCount == 28 && data.columnCount == 28 ? .fast : .article
  }
}

/// The settings of a preset. Each can be overridden by an option.
struct PresetSettings {
  /// The node counts of the hidden layers; inputs and outputs are those of the data.
  var hiddenCounts: [Int]
  var biases = NetworkForm.Biases.weights
  var activation = Activation.relu
  var precision = Precision.float32
  var initializer = WeightInitializer.he
  var training: TrainingSettings
  var normalization = NormalizationKind.minMax
  /// A canonical split is used where the data has a test part of its own.
  var split = SplitKind.canonical
  /// For a random split.
  var testSize = TestSize.fraction(0.25)

  static let article = PresetSettings(
    hiddenCounts: [16, 12], biases: .units, activation: .sigmoid, precision: .float64, initializer: .standardNormal,
    training: TrainingSettings(epochs: 100, learningRate: 0.1), split: .random)

  static let fast = PresetSettings(
    hiddenCounts: [256, 128],
    training: TrainingSettings(
      epochs: 10, batchSize: 128, learningRate: 0.3, schedule: .oneCycle(), optimizer: .nesterov(0.9),
      loss: .categoricalCrossEntropy, labelSmoothing: 0.05, shuffles: true))

  static let accurate = PresetSettings(
    hiddenCounts: [1024, 512],
    training: TrainingSettings(
      epochs: 20, batchSize: 128, learningRate: 0.2, schedule: .oneCycle(), optimizer: .nesterov(0.9),
      loss: .categoricalCrossEntropy, weightDecay: 0.00003, dropout: 0.1, labelSmoothing: 0.1, shuffles: true))
}
