internal import Evaluation

/// How many of the test samples have labels that are known to be wrong, which no network can be right about.
public struct KnownLabelErrorCount: Equatable, Sendable {
  /// Those among all test samples.
  public var sampleCount: Int
  /// Those among the errors.
  public var errorCount: Int

  /// Counts; at most as many errors as samples.
  public init(sampleCount: Int, errorCount: Int) {
    self.sampleCount = sampleCount
    self.errorCount = errorCount
  }

  /// The right ones and all, without these samples.
  func counts(without matrix: ConfusionMatrix) -> (correct: Int, all: Int) {
    (matrix.correctCount - (sampleCount - errorCount), matrix.sampleCount - sampleCount)
  }
}
