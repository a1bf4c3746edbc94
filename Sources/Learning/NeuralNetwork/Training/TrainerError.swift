public import Memory

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
  /// Early stopping was asked for without samples to judge by.
  case noValidationSamples
  /// The training needs more memory than there is.
  case memory(MemoryError)
  /// An epoch's cost, or a weight after it, is infinite or not a number. The network has the weights of the last epoch
  /// before that led to finite costs, or with early stopping those of the best one; the history tells of the epochs before.
  case diverged(epoch: Int, learningRate: Double, history: TrainingHistory)

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
    case .noValidationSamples:
      "early stopping needs validation samples"
    case .memory(let error):
      "the training \(error); try fewer units or a smaller batch"
    case .diverged(let epoch, let learningRate, _):
      "in epoch \(epoch) the cost or a weight is no longer a finite number; try a learning rate below \(learningRate)"
    }
  }
}
