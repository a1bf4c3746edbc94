/// A table of counts: for each actual class (row) and each predicted class (column), the number of samples.
///
/// ```swift
/// let matrix = try ConfusionMatrix(actual: [0, 1, 2, 2], predicted: [0, 2, 2, 2], classCount: 3)
/// matrix[actual: 1, predicted: 2]  // 1
/// matrix.accuracy                  // 0.75
/// print(matrix)
/// ```
///
/// The counts are those of scikit-learn's `confusion_matrix(actual, predicted, labels=range(classCount))`.
public struct ConfusionMatrix: Equatable, Hashable, Sendable {
  /// The largest number of classes. The counts of a matrix of this size take 128 MiB.
  public static let maximumClassCount = 4096

  /// The number of classes, which is also the number of rows and of columns.
  public let classCount: Int

  /// The number of samples, which is the sum of all counts.
  public let sampleCount: Int

  private var counts: [Int]
  private var actualCounts: [Int]
  private var predictedCounts: [Int]

  /// Creates the matrix of actual and predicted labels.
  ///
  /// - Parameters:
  ///   - actual: The actual labels, `[sampleCount]`. There must be at least one. Each label is in `0..<classCount`.
  ///   - predicted: The predicted labels, `[sampleCount]`. Each label is in `0..<classCount`.
  ///   - classCount: The number of classes, from 1 to ``maximumClassCount``.
  /// - Throws: ``EvaluationError`` if a parameter does not meet its condition.
  /// - Complexity: O(sampleCount + classCount²).
  public init(actual: [Int], predicted: [Int], classCount: Int) throws(EvaluationError) {
    guard (1...Self.maximumClassCount).contains(classCount) else {
      throw .classCountOutOfRange(classCount, limit: Self.maximumClassCount)
    }
    guard actual.count == predicted.count else {
      throw .sampleCounts(actual: actual.count, predicted: predicted.count)
    }
    guard !actual.isEmpty else { throw .noSamples }
    self.classCount = classCount
    sampleCount = actual.count
    counts = [Int](repeating: 0, count: classCount * classCount)
    actualCounts = [Int](repeating: 0, count: classCount)
    predictedCounts = actualCounts
    func check(_ label: Int, _ source: EvaluationError.Source, _ index: Int) throws(EvaluationError) {
      if label < 0 || label >= classCount {
        throw .labelOutOfRange(source, index: index, label: label, classCount: classCount)
      }
    }
    for (index, (actual, predicted)) in zip(actual, predicted).enumerated() {
      try check(actual, .actual, index)
      try check(predicted, .predicted, index)
      counts[actual * classCount + predicted] += 1
      actualCounts[actual] += 1
      predictedCounts[predicted] += 1
    }
  }

  /// Returns the number of samples of the class `actual` that were predicted as the class `predicted`.
  ///
  /// - Precondition: Both classes are in `0..<classCount`.
  public subscript(actual actual: Int, predicted predicted: Int) -> Int {
    requireClass(actual)
    requireClass(predicted)
    return counts[actual * classCount + predicted]
  }

  /// All counts, `[classCount, classCount]`. There is a row for each actual class and a column for each predicted
  /// class.
  public var rows: [[Int]] {
    (0..<classCount).map { Array(counts[($0 * classCount)..<(($0 + 1) * classCount)]) }
  }

  /// The number of correctly predicted samples, which is the sum of the diagonal.
  public var correctCount: Int {
    (0..<classCount).reduce(0) { $0 + truePositives(of: $1) }
  }

  /// The fraction of correctly predicted samples, from 0 to 1.
  public var accuracy: Double { Double(correctCount) / Double(sampleCount) }

  /// Returns the number of samples of a class, also called its support.
  ///
  /// - Precondition: The class is in `0..<classCount`.
  public func actualCount(of label: Int) -> Int {
    requireClass(label)
    return actualCounts[label]
  }

  /// Returns the number of samples that were predicted as a class.
  ///
  /// - Precondition: The class is in `0..<classCount`.
  public func predictedCount(of label: Int) -> Int {
    requireClass(label)
    return predictedCounts[label]
  }

  /// Returns the number of samples of a class that were predicted as the same class.
  public func truePositives(of label: Int) -> Int { self[actual: label, predicted: label] }

  /// Returns the number of samples of other classes that were predicted as a class.
  public func falsePositives(of label: Int) -> Int { predictedCount(of: label) - truePositives(of: label) }

  /// Returns the number of samples of a class that were predicted as another class.
  public func falseNegatives(of label: Int) -> Int { actualCount(of: label) - truePositives(of: label) }

  private func requireClass(_ label: Int) {
    precondition(label >= 0 && label < classCount, "the class is out of range")
  }
}

/// An actual class, a different predicted class, and the number of samples with these two classes.
public struct ConfusedPair: Encodable, Equatable, Hashable, Sendable {
  /// The actual class of the samples.
  public let actual: Int
  /// The predicted class of the samples.
  public let predicted: Int
  /// The number of samples.
  public let count: Int

  /// Creates a pair of classes with the number of its samples.
  public init(actual: Int, predicted: Int, count: Int) {
    self.actual = actual
    self.predicted = predicted
    self.count = count
  }
}

extension ConfusionMatrix {
  /// The errors grouped by pairs of classes. The most frequent pair comes first.
  ///
  /// Equally frequent pairs are in ascending order of their actual class, then of their predicted class.
  ///
  /// ```swift
  /// matrix.confusedPairs.prefix(3)  // such as (4, 9, 31), (9, 4, 22), ...: actual class, predicted class, count
  /// ```
  ///
  /// - Complexity: O(classCount² + p log p) for p pairs.
  public var confusedPairs: [ConfusedPair] {
    var pairs: [ConfusedPair] = []
    for actual in 0..<classCount where falseNegatives(of: actual) > 0 {
      for predicted in 0..<classCount where predicted != actual {
        let count = self[actual: actual, predicted: predicted]
        if count > 0 { pairs.append(ConfusedPair(actual: actual, predicted: predicted, count: count)) }
      }
    }
    return pairs.sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// The counts as a table. After a heading with the predicted classes, there is one line for each actual class.
  public var description: String {
    let width = String(max(classCount - 1, counts.max() ?? 0)).count
    let heading = [""] + (0..<classCount).map(String.init)
    let lines = [heading] + rows.enumerated().map { row in [String(row.offset)] + row.element.map(String.init) }
    return lines.map { $0.map { padded($0, to: width) }.joined(separator: "  ") }.joined(separator: "\n")
  }
}

/// The reason why predictions cannot be evaluated.
public enum EvaluationError: Error, Equatable, Sendable {
  /// The list of labels that contains an error.
  public enum Source: String, Sendable {
    /// The actual labels.
    case actual
    /// The predicted labels.
    case predicted
  }

  /// There are no samples to evaluate.
  case noSamples
  /// The number of predicted labels differs from the number of actual labels.
  case sampleCounts(actual: Int, predicted: Int)
  /// A label is not among the classes `0..<classCount`.
  case labelOutOfRange(Source, index: Int, label: Int, classCount: Int)
  /// The number of classes is below 1 or above the limit.
  case classCountOutOfRange(Int, limit: Int)
  /// The number of class names differs from the number of classes.
  case classNameCount(expected: Int, found: Int)
}

extension EvaluationError: CustomStringConvertible {
  /// The error message: one sentence.
  public var description: String {
    switch self {
    case .noSamples:
      "there are no samples to evaluate"
    case .sampleCounts(let actual, let predicted):
      "there are \(actual) actual labels but \(predicted) predicted labels"
    case .labelOutOfRange(let source, let index, let label, let classCount):
      "\(source.rawValue) label \(label) at index \(index) is not in the expected range 0...\(classCount - 1)"
    case .classCountOutOfRange(let count, let limit):
      "\(count) classes cannot be evaluated: expected 1 to \(limit)"
    case .classNameCount(let expected, let found):
      "there are \(found) class names, expected \(expected), one for each class"
    }
  }
}
