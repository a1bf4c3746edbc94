/// Why samples cannot be split as asked for.
public enum SplittingError: Error, Equatable, Sendable {
  /// One of the two parts of a split.
  public enum Part: String, Sendable {
    /// The samples to learn from.
    case train
    /// The samples to judge by.
    case test
  }

  /// A text is neither a whole number nor a decimal one.
  case notATestSize(String)

  /// A fraction is not between 0 and 1, both excluded.
  case fractionOutOfRange(Double)

  /// A count is not at least 1; or not below the number of samples, if that is known.
  case countOutOfRange(Int, sampleCount: Int?)

  /// All samples would be test samples.
  case noTrainingSamples(testSize: TestSize, sampleCount: Int)

  /// Some classes have a single sample each, which cannot be in both parts.
  case singleSampleClasses(labels: [Int])

  /// A part has fewer samples than there are classes, so that it cannot hold one of each.
  case fewerSamplesThanClasses(part: Part, sampleCount: Int, classCount: Int)

  /// A number of folds is not at least 2; or above the number of samples, if that is known.
  case foldCountOutOfRange(Int, sampleCount: Int?)

  /// There are more folds than samples of any class.
  case foldsExceedClasses(foldCount: Int)
}

extension SplittingError: CustomStringConvertible {
  /// One sentence that says what is wrong.
  public var description: String {
    switch self {
    case .notATestSize(let text):
      "'\(text)' is not a test size: expected a count such as 10000 or a fraction such as 0.25"
    case .fractionOutOfRange(let fraction):
      "the test fraction \(fraction) is not between 0 and 1"
    case .countOutOfRange(let count, .some(let sampleCount)):
      "the test count \(count) is not at least 1 and below the number of samples, \(sampleCount)"
    case .countOutOfRange(let count, .none):
      "the test count \(count) is not at least 1"
    case .noTrainingSamples(let testSize, let sampleCount):
      "test size \(testSize) of \(sampleCount) samples leaves none to train on"
    case .singleSampleClasses(let labels):
      "a stratified split needs at least 2 samples of each class, but there is only 1 of class "
        + labels.map(String.init).joined(separator: ", ")
    case .fewerSamplesThanClasses(let part, let sampleCount, let classCount):
      "a stratified split needs at least as many \(part.rawValue) samples as classes: "
        + "found \(sampleCount), expected \(classCount) or more"
    case .foldCountOutOfRange(let count, .some(let sampleCount)):
      "the number of folds is \(count), expected at most \(sampleCount), the number of samples"
    case .foldCountOutOfRange(let count, .none):
      "the number of folds is \(count), expected at least 2"
    case .foldsExceedClasses(let foldCount):
      "the number of folds is \(foldCount), expected at most the samples of the largest class"
    }
  }
}
