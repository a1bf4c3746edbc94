public import Evaluation

/// What kind of errors a network makes: how many, how far its accuracy can be trusted, which classes it confuses, and how
/// many of the errors are the labels'.
///
/// ```swift
/// let summary = try ErrorSummary(
///   actual: actual, predicted: predicted, indices: indices, classCount: 10,
///   knownLabelErrors: KnownLabelErrors.indices(in: data))
/// print(summary.accuracy, summary.accuracyInterval)
/// ```
public struct ErrorSummary: Equatable, Sendable, Encodable {
  /// What the labels that are known to be wrong come to.
  public struct KnownLabelErrorCounts: Equatable, Sendable, Encodable {
    /// How many of the samples have such a label.
    public let sampleCount: Int
    /// How many of these are errors: the network says another class than the wrong label.
    public let errorCount: Int
    /// The accuracy on the other samples; absent where there are none.
    public let accuracyWithout: Double?
    /// Its 95 % interval.
    public let accuracyWithoutInterval: ProportionInterval?
  }

  /// A pair of classes in JSON.
  private struct Pair: Encodable {
    let actual: Int
    let predicted: Int
    let count: Int
  }

  private enum CodingKeys: String, CodingKey {
    case sampleCount, errorCount, accuracy, accuracyInterval, confusedPairs, knownLabelErrors
  }

  /// The number of classes.
  public let classCount: Int
  /// The number of samples.
  public let sampleCount: Int
  /// How many of them the network takes for another class.
  public let errorCount: Int
  /// The share of the others.
  public let accuracy: Double
  /// Between which bounds the accuracy lies with a confidence of 95 %.
  public let accuracyInterval: ProportionInterval
  /// The errors by pairs of classes, the most frequent pair first.
  public let confusedPairs: [ConfusedPair]
  /// Nil where none of the samples' labels is known to be wrong.
  public let knownLabelErrors: KnownLabelErrorCounts?

  /// The summary of predictions.
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
    guard !wrong.isEmpty else {
      self.knownLabelErrors = nil
      return
    }
    let errors = wrong.count { actual[$0] != predicted[$0] }
    let others = sampleCount - wrong.count
    let rightOthers = others - (errorCount - errors)
    self.knownLabelErrors = KnownLabelErrorCounts(
      sampleCount: wrong.count, errorCount: errors,
      accuracyWithout: others == 0 ? nil : Double(rightOthers) / Double(others),
      accuracyWithoutInterval: others == 0
        ? nil : ProportionInterval(successCount: rightOthers, sampleCount: others))
  }

  /// The summary of samples, at least one.
  ///
  /// - Throws: `EvaluationError` where there is none, or a class is not below `classCount`.
  public init(_ samples: [PredictedSample], classCount: Int, knownLabelErrors: [Int] = []) throws(EvaluationError) {
    try self.init(
      actual: samples.map(\.actual), predicted: samples.map(\.predicted), indices: samples.map(\.index),
      classCount: classCount, knownLabelErrors: knownLabelErrors)
  }

  /// Writes the numbers under the names that they have here.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sampleCount, forKey: .sampleCount)
    try container.encode(errorCount, forKey: .errorCount)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(accuracyInterval, forKey: .accuracyInterval)
    let pairs = confusedPairs.map { Pair(actual: $0.actual, predicted: $0.predicted, count: $0.count) }
    try container.encode(pairs, forKey: .confusedPairs)
    try container.encodeIfPresent(knownLabelErrors, forKey: .knownLabelErrors)
  }
}
