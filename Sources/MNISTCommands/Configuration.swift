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
struct Configuration: Equatable {
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

extension Configuration: Codable {
  enum CodingKeys: String, CodingKey {
    case dataset, preset, architecture, epochs, learningRate, initializer, normalization, split, testSize, stratify
    case seed
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    dataset = try container.decode(String.self, forKey: .dataset)
    preset = try container.decode(Preset.self, forKey: .preset)
    let nodeCounts = try container.decode([Int].self, forKey: .architecture)
    do throws(ArchitectureError) {
      architecture = try Architecture(nodeCounts)
    } catch {
      throw DecodingError.dataCorruptedError(forKey: .architecture, in: container, debugDescription: "\(error)")
    }
    epochs = try container.decode(Int.self, forKey: .epochs)
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    initializer = try container.decode(WeightInitializer.self, forKey: .initializer)
    normalization = try container.decode(NormalizationKind.self, forKey: .normalization)
    split = try container.decode(SplitKind.self, forKey: .split)
    testSize = try container.decodeIfPresent(TestSize.self, forKey: .testSize)
    stratify = try container.decode(Bool.self, forKey: .stratify)
    seed = try container.decode(UInt32.self, forKey: .seed)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(preset, forKey: .preset)
    try container.encode(architecture.nodeCounts, forKey: .architecture)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(initializer, forKey: .initializer)
    try container.encode(normalization, forKey: .normalization)
    try container.encode(split, forKey: .split)
    try container.encodeIfPresent(testSize, forKey: .testSize)
    try container.encode(stratify, forKey: .stratify)
    try container.encode(seed, forKey: .seed)
  }
}
