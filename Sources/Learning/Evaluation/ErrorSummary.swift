internal import DisplayText

/// A summary of a network's errors: their number, the accuracy with its 95 % interval, and the confused classes.
///
/// Some labels of the data set may be known to be wrong. The summary then also counts the errors that are due to wrong
/// labels.
///
/// ```swift
/// let summary = try ErrorSummary(
///   actual: actual, predicted: predicted, indices: indices, classCount: 10,
///   knownLabelErrors: KnownLabelErrors.indices(in: data))
/// print(summary.accuracy, summary.accuracyInterval)
/// ```
public struct ErrorSummary: Equatable, Sendable, Encodable {
  private enum CodingKeys: String, CodingKey {
    case sampleCount, errorCount, accuracy, accuracyInterval, confusedPairs, knownLabelErrors
  }

  /// The number of classes. It is not part of the JSON.
  public let classCount: Int
  /// The number of samples.
  public let sampleCount: Int
  /// The number of samples whose predicted class differs from their label.
  public let errorCount: Int
  /// The fraction of correctly predicted samples, from 0 to 1.
  public let accuracy: Double
  /// The 95 % confidence interval of the accuracy.
  public let accuracyInterval: ProportionInterval
  /// The errors grouped by pairs of classes. The most frequent pair comes first.
  public let confusedPairs: [ConfusedPair]
  /// The counts of samples whose labels are known to be wrong; nil if there are no such samples.
  public let knownLabelErrors: KnownLabelErrorCounts?

  /// Creates a summary of actual and predicted labels.
  ///
  /// - Parameters:
  ///   - actual: The actual labels, `[sampleCount]`. There must be at least one. Each label is in `0..<classCount`.
  ///   - predicted: The predicted labels, `[sampleCount]`. Each label is in `0..<classCount`.
  ///   - indices: The index of each sample in the data set, `[sampleCount]`.
  ///   - classCount: The number of classes.
  ///   - knownLabelErrors: The samples whose labels are known to be wrong, as indices in the data set.
  /// - Throws: `EvaluationError` if the numbers of labels differ, or if a label is not a class.
  /// - Complexity: O(sampleCount + classCount²).
  public init(
    actual: [Int], predicted: [Int], indices: [Int], classCount: Int, knownLabelErrors: [Int] = []
  ) throws(EvaluationError) {
    precondition(indices.count == actual.count, "there must be an index for each sample")
    let matrix = try ConfusionMatrix(actual: actual, predicted: predicted, classCount: classCount)
    self.classCount = classCount
    sampleCount = matrix.sampleCount
    errorCount = matrix.sampleCount - matrix.correctCount
    accuracy = matrix.accuracy
    accuracyInterval = ProportionInterval(successCount: matrix.correctCount, sampleCount: matrix.sampleCount)
    confusedPairs = matrix.confusedPairs
    let known = Set(knownLabelErrors)
    let wrong = indices.indices.filter { known.contains(indices[$0]) }
    self.knownLabelErrors =
      wrong.isEmpty
      ? nil
      : KnownLabelErrorCounts(
        sampleCount: wrong.count, errorCount: wrong.count { actual[$0] != predicted[$0] }, among: matrix)
  }

  /// Creates a summary of predicted samples.
  ///
  /// - Throws: `EvaluationError` if there are no samples, or if a class is not below `classCount`.
  public init(_ samples: [PredictedSample], classCount: Int, knownLabelErrors: [Int] = []) throws(EvaluationError) {
    try self.init(
      actual: samples.map(\.actual), predicted: samples.map(\.predicted), indices: samples.map(\.index),
      classCount: classCount, knownLabelErrors: knownLabelErrors)
  }
}

/// Counts of samples whose labels are known to be wrong, and the accuracy without these samples.
///
/// Even a perfect network makes errors on samples with wrong labels.
public struct KnownLabelErrorCounts: Equatable, Sendable, Encodable {
  /// The number of samples whose labels are known to be wrong.
  public let sampleCount: Int
  /// The number of samples with a known wrong label that were predicted as another class. These samples count as
  /// errors.
  public let errorCount: Int
  /// The accuracy on the samples whose labels are not known to be wrong; nil if there are no such samples.
  public let accuracyWithout: Double?
  /// The 95 % confidence interval of ``accuracyWithout``; nil if there is no such accuracy.
  public let accuracyWithoutInterval: ProportionInterval?

  /// Creates the counts, and computes the accuracy without the samples whose labels are known to be wrong.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of samples whose labels are known to be wrong.
  ///   - errorCount: The number of errors among the samples whose labels are known to be wrong.
  ///   - matrix: The confusion matrix of all samples, including those with wrong labels.
  /// - Precondition: `errorCount` is at most `sampleCount`. The matrix has at least as many samples and at least as
  ///   many errors.
  public init(sampleCount: Int, errorCount: Int, among matrix: ConfusionMatrix) {
    self.sampleCount = sampleCount
    self.errorCount = errorCount
    let others = matrix.sampleCount - sampleCount
    let correctOthers = matrix.correctCount - (sampleCount - errorCount)
    accuracyWithout = others == 0 ? nil : Double(correctOthers) / Double(others)
    accuracyWithoutInterval =
      others == 0 ? nil : ProportionInterval(successCount: correctOthers, sampleCount: others)
  }
}

/// The 95 % confidence interval of a proportion, such as an accuracy, that was estimated from samples.
///
/// ```swift
/// let interval = ProportionInterval(successCount: 9870, sampleCount: 10_000)
/// print(interval)  // 98.46 % to 98.90 %
/// ```
///
/// The interval is Wilson's interval. Unlike the usual textbook interval, it stays within 0 and 1. It is also
/// meaningful if all samples are successes, or if none is.
///
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
/// Statistical Association 22(158), 1927.
public struct ProportionInterval: Equatable, Hashable, Sendable, Codable {
  /// The lower bound, from 0 to 1.
  public let lower: Double
  /// The upper bound, from 0 to 1.
  public let upper: Double

  /// The 97.5th percentile of the standard normal distribution.
  private static let normalQuantile = 1.959963984540054

  /// Creates the interval for `successCount` successes among `sampleCount` samples.
  ///
  /// - Precondition: `sampleCount` is at least 1, and `successCount` is in `0...sampleCount`.
  public init(successCount: Int, sampleCount: Int) {
    precondition(sampleCount > 0, "there must be at least one sample")
    precondition((0...sampleCount).contains(successCount), "the number of successes must be 0 to the number of samples")
    let count = Double(sampleCount)
    let share = Double(successCount) / count
    let square = Self.normalQuantile * Self.normalQuantile
    let centre = (share + square / (2 * count)) / (1 + square / count)
    let halfWidth =
      Self.normalQuantile / (1 + square / count)
      * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
    // Without successes, the lower bound is exactly 0. Without failures, the upper bound is exactly 1. Rounding would
    // change these bounds slightly.
    lower = successCount == 0 ? 0 : max(0, centre - halfWidth)
    upper = successCount == sampleCount ? 1 : min(1, centre + halfWidth)
  }
}

extension ProportionInterval: CustomStringConvertible {
  /// Both bounds in percent, such as `98.46 % to 98.90 %`.
  public var description: String {
    [lower, upper].map { NumberText.printed($0 * 100, digits: 2) + " %" }.joined(separator: " to ")
  }
}
