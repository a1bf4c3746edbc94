internal import ArgumentParser
internal import NeuralNetwork
internal import Splitting

/// A set of settings under one name.
enum Preset: String, CaseIterable, Codable, ExpressibleByArgument {
  /// The article's: its network, its training, its split.
  case article

  /// The node counts of the hidden layers; inputs and outputs are those of the data.
  var hiddenCounts: [Int] { [16, 12] }
  var epochs: Int { 100 }
  var learningRate: Double { 0.1 }
  var initializer: WeightInitializer { .standardNormal }
  var normalization: NormalizationKind { .minMax }
  var testSize: TestSize { .fraction(0.25) }
}
