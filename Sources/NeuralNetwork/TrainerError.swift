/// Why a training cannot begin, or cannot go on.
public enum TrainerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number of epochs is zero or negative.
  case epochsNotPositive(found: Int)
  /// The learning rate is zero, negative, infinite or not a number.
  case learningRateNotPositive(found: Double)
  /// Another setting is out of its range.
  case outOfRange(_ setting: String, found: String, expected: String)
  /// There is nothing to train on.
  case noSamples
  /// The samples have another number of features than the network has inputs.
  case featureCountDiffers(expected: Int, found: Int)
  /// The targets are not `[sampleCount, outputCount]`.
  case targetShapeDiffers(expected: [Int], found: [Int])
  /// An epoch's cost is infinite or not a number.
  case costNotFinite(epoch: Int, learningRate: Double)
  /// After the last update a weight is infinite or not a number.
  case weightNotFinite(learningRate: Double)

  /// One sentence.
  public var description: String {
    switch self {
    case .epochsNotPositive(let found):
      "the number of epochs is \(found), expected at least 1"
    case .learningRateNotPositive(let found):
      "the learning rate is \(found), expected a finite number above 0"
    case .outOfRange(let setting, let found, let expected):
      "the \(setting) is \(found), expected \(expected)"
    case .noSamples:
      "there is no sample to train on"
    case .featureCountDiffers(let expected, let found):
      "the architecture begins with \(expected) inputs, but a sample has \(found) features"
    case .targetShapeDiffers(let expected, let found):
      "the targets have the shape \(found), expected \(expected)"
    case .costNotFinite(let epoch, let learningRate):
      "the cost of epoch \(epoch) is not a finite number; try a learning rate below \(learningRate)"
    case .weightNotFinite(let learningRate):
      "a weight is not a finite number after the training; try a learning rate below \(learningRate)"
    }
  }
}
