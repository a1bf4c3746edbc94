public import ArgumentParser
public import NeuralNetwork
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

extension WeightInitializer: ExpressibleByArgument {}

/// All that a training's result depends on besides the data; what `config.json` keeps.
struct Configuration: Codable, Equatable {
  /// A name of the catalogue, or the absolute path of a folder.
  var dataset: String
  var preset: Preset
  var architecture: Architecture
  var epochs: Int
  var learningRate: Double
  var initializer: WeightInitializer
  var normalization: NormalizationKind
  var split: SplitKind
  /// Only for a random split.
  var testSize: TestSize?
  var stratify: Bool
  var seed: UInt32
}
