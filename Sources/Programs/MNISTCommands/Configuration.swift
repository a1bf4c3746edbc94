internal import ArgumentParser
internal import NeuralNetwork
internal import Normalization
internal import Splitting

/// How the test samples are chosen.
enum SplitKind: String, CaseIterable, Codable, ExpressibleByArgument {
  /// All samples pooled, then a share of them at random.
  case random
  /// The set's own training and test files.
  case canonical
}

/// How pixels are scaled, by its name on the command line.
enum NormalizationKind: String, CaseIterable, Codable, ExpressibleByArgument {
  /// By the smallest and largest value of the whole data set.
  case minMax = "minmax"
  /// Each pixel by its mean and standard deviation in the training part.
  case standard
  /// As they are.
  case none
}

/// All that a training's result depends on besides the data; what `config.json` keeps.
struct Configuration: Codable, Equatable {
  /// A name of the catalogue, or the absolute path of a folder.
  var dataset: String
  var preset: Preset
  var form: NetworkForm
  var initializer: WeightInitializer
  var training: TrainingSettings
  var normalization: NormalizationKind
  var split: SplitKind
  /// Only for a random split.
  var testSize: TestSize?
  /// Out of the training part; nil for none.
  var validationSize: TestSize?
  var stratify: Bool
  var seed: UInt32
  /// The one that was used: the last digits of training in batches depend on it.
  var instructionSet: InstructionSet

  var architecture: Architecture { form.architecture }
}

/// A configuration as runs of the format 1 have it: all of them are the article's training.
struct FirstConfiguration: Decodable {
  private let dataset: String
  private let preset: Preset
  private let architecture: Architecture
  private let epochs: Int
  private let learningRate: Double
  private let initializer: WeightInitializer
  private let normalization: NormalizationKind
  private let split: SplitKind
  private let testSize: TestSize?
  private let stratify: Bool
  private let seed: UInt32

  /// The same as it is written today.
  var configuration: Configuration {
    Configuration(
      dataset: dataset, preset: preset, form: NetworkForm(architecture), initializer: initializer,
      training: TrainingSettings(epochs: epochs, learningRate: learningRate), normalization: normalization,
      split: split, testSize: testSize, validationSize: nil, stratify: stratify, seed: seed, instructionSet: .widest)
  }
}
