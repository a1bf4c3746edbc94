internal import DisplayText

/// How many errors a network makes, how far its accuracy can be trusted, which classes it confuses, and how many of the
/// errors are the labels' fault.
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

  /// The number of classes. It is not encoded.
  public let classCount: Int
  /// The number of samples.
  public let sampleCount: Int
  /// The number of samples that the network takes for another class.
  public let errorCount: Int
  /// The fraction of the other samples.
  public let accuracy: Double
  /// The 95 % interval of the accuracy.
  public let accuracyInterval: ProportionInterval
  /// The errors by pairs of classes, the most frequent pair first.
  public let confusedPairs: [ConfusedPair]
  /// The samples whose labels are known to be wrong; nil if there are none.
  public let knownLabelErrors: KnownLabelErrorCounts?

  /// Summarises predictions.
  ///
  /// - Parameters:
  ///   - actual: The labels, `[sampleCount]`, at least one, each in `0..<classCount`.
  ///   - predicted: The predicted classes, `[sampleCount]`, in the same range.
  ///   - indices: The samples' places in the data set, `[sampleCount]`.
  ///   - classCount: The number of classes.
  ///   - knownLabelErrors: The places of samples whose labels are known to be wrong.
  /// - Throws: `EvaluationError` where the lists do not fit each other or the classes.
  /// - Complexity: O(sampleCount + classCount²).
  public init(
    actual: [Int], predicted: [Int], indices: [Int], classCount: Int, knownLabelErrors: [Int] = []
  ) throws(EvaluationError) {
    precondition(indices.count == actual.count, "there is a place for each sample")
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

  /// Summarises samples, at least one.
  ///
  /// - Throws: `EvaluationError` where there is none, or a class is not below `classCount`.
  public init(_ samples: [PredictedSample], classCount: Int, knownLabelErrors: [Int] = []) throws(EvaluationError) {
    try self.init(
      actual: samples.map(\.actual), predicted: samples.map(\.predicted), indices: samples.map(\.index),
      classCount: classCount, knownLabelErrors: knownLabelErrors)
  }
}

/// Samples whose labels are known to be wrong, which no network can be right about, and the accuracy without them.
public struct KnownLabelErrorCounts: Equatable, Sendable, Encodable {
  /// The number of samples with such a label.
  public let sampleCount: Int
  /// The number of these that are errors: the network says another class than the wrong label.
  public let errorCount: Int
  /// The accuracy on the other samples; nil if there are none.
  public let accuracyWithout: Double?
  /// Its 95 % interval.
  public let accuracyWithoutInterval: ProportionInterval?

  /// Creates counts of some of the samples of a matrix.
  ///
  /// - Precondition: there are at most as many errors as samples, and at most as many as in the matrix.
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

/// The 95 % confidence interval of a proportion, such as an accuracy, that was estimated from some samples.
///
/// ```swift
/// let interval = ProportionInterval(successCount: 9870, sampleCount: 10_000)
/// print(interval)  // 98.46 % to 98.90 %
/// ```
///
/// It is Wilson's interval. Unlike the textbook's, it stays within 0 and 1, and it is sensible where no sample or every
/// sample is a success.
///
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
/// Statistical Association 22(158), 1927.
public struct ProportionInterval: Equatable, Hashable, Sendable, Codable {
  /// The lower bound, 0 to 1.
  public let lower: Double
  /// The upper bound, 0 to 1.
  public let upper: Double

  /// The standard normal distribution's 97.5 % point.
  private static let normalQuantile = 1.959963984540054

  /// Creates the interval for `successCount` successes among `sampleCount` samples.
  ///
  /// - Precondition: there is a sample, and at most as many successes as samples.
  public init(successCount: Int, sampleCount: Int) {
    precondition(sampleCount > 0, "an interval needs a sample")
    precondition((0...sampleCount).contains(successCount), "there are at most as many successes as samples")
    let count = Double(sampleCount)
    let share = Double(successCount) / count
    let square = Self.normalQuantile * Self.normalQuantile
    let centre = (share + square / (2 * count)) / (1 + square / count)
    let halfWidth =
      Self.normalQuantile / (1 + square / count)
      * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
    // Where all or none are successes, one bound is the end itself but for rounding.
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
