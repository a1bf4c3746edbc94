/// The reason why samples cannot be split.
public enum SplittingError: Error, Equatable, Sendable {
  /// One of the two parts of a split.
  public enum Part: String, Sendable {
    /// The training part.
    case train
    /// The test part.
    case test
  }

  /// A text is neither an integer nor a decimal number.
  case notATestSize(String)

  /// A test fraction is not strictly between 0 and 1.
  case fractionOutOfRange(Double)

  /// A test count is below 1, or it leaves no training samples. `sampleCount` is nil if the number of samples is
  /// unknown.
  case countOutOfRange(Int, sampleCount: Int?)

  /// All samples would be in the test part.
  case noTrainingSamples(testSize: TestSize, sampleCount: Int)

  /// Some classes have only one sample, but both parts need a sample of each class.
  case singleSampleClasses(labels: [Int])

  /// A part has fewer samples than there are classes, so it cannot have a sample of each class.
  case fewerSamplesThanClasses(part: Part, sampleCount: Int, classCount: Int)

  /// The number of folds is below 2 or above the number of samples. `sampleCount` is nil if the number of samples is
  /// unknown.
  case foldCountOutOfRange(Int, sampleCount: Int?)

  /// Every class has fewer samples than there are folds.
  case foldsExceedClasses(foldCount: Int)
}

extension SplittingError: CustomStringConvertible {
  /// The error message: one sentence.
  public var description: String {
    switch self {
    case .notATestSize(let text):
      "'\(text)' is not a test size: expected a count such as 10000 or a fraction such as 0.25"
    case .fractionOutOfRange(let fraction):
      "the test fraction is \(fraction), expected a number above 0 and below 1"
    case .countOutOfRange(let count, .some(let sampleCount)):
      "the test count is \(count), expected at least 1 and less than \(sampleCount), the number of samples"
    case .countOutOfRange(let count, .none):
      "the test count is \(count), expected at least 1"
    case .noTrainingSamples(let testSize, let sampleCount):
      "test size \(testSize) leaves no samples to train on, because all \(sampleCount) would be test samples"
    case .singleSampleClasses(let labels):
      "a stratified split needs at least 2 samples of each class, but there is only 1 sample of class "
        + labels.map(String.init).joined(separator: ", ")
    case .fewerSamplesThanClasses(let part, let sampleCount, let classCount):
      "a stratified split needs at least as many \(part.rawValue) samples as classes: "
        + "found \(sampleCount), expected \(classCount) or more"
    case .foldCountOutOfRange(let count, .some(let sampleCount)):
      "the number of folds is \(count), expected at most \(sampleCount), the number of samples"
    case .foldCountOutOfRange(let count, .none):
      "the number of folds is \(count), expected at least 2"
    case .foldsExceedClasses(let foldCount):
      "the number of folds is \(foldCount), expected at most the number of samples of the largest class"
    }
  }
}
