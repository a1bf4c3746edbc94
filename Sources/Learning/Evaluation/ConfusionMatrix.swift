/// How often each class was taken for which: rows are the actual classes, columns the predicted ones.
///
/// ```swift
/// let matrix = try ConfusionMatrix(actual: [0, 1, 2, 2], predicted: [0, 2, 2, 2], classCount: 3)
/// matrix[actual: 1, predicted: 2]  // 1
/// matrix.accuracy                  // 0.75
/// print(matrix)
/// ```
///
/// As scikit-learn's `confusion_matrix(actual, predicted, labels=range(classCount))`.
public struct ConfusionMatrix: Equatable, Hashable, Sendable {
  /// The largest number of classes; the counts then take 128 MiB.
  public static let maximumClassCount = 4096

  /// The number of classes, and of rows and of columns.
  public let classCount: Int

  /// The number of samples, the sum of all counts.
  public let sampleCount: Int

  private var counts: [Int]
  private var actualCounts: [Int]
  private var predictedCounts: [Int]

  /// Counts samples whose labels are known.
  ///
  /// - Parameters:
  ///   - actual: The labels as they are, `[sampleCount]`, at least one, each in `0..<classCount`.
  ///   - predicted: The labels as predicted, `[sampleCount]`, in the same range.
  ///   - classCount: The number of classes, 1 to ``maximumClassCount``.
  /// - Throws: ``EvaluationError`` if any of this does not hold.
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

  /// How many samples of the class `actual` were predicted to be of the class `predicted`.
  public subscript(actual actual: Int, predicted predicted: Int) -> Int {
    requireClass(actual)
    requireClass(predicted)
    return counts[actual * classCount + predicted]
  }

  /// All counts as rows, `[classCount, classCount]`.
  public var rows: [[Int]] {
    (0..<classCount).map { Array(counts[($0 * classCount)..<(($0 + 1) * classCount)]) }
  }

  /// The number of samples predicted rightly, the sum of the diagonal.
  public var correctCount: Int {
    (0..<classCount).reduce(0) { $0 + truePositives(of: $1) }
  }

  /// The share of samples predicted rightly, from 0 to 1.
  public var accuracy: Double { Double(correctCount) / Double(sampleCount) }

  /// The number of samples that are of a class, also called its support.
  public func actualCount(of label: Int) -> Int {
    requireClass(label)
    return actualCounts[label]
  }

  /// The number of samples that were predicted to be of a class.
  public func predictedCount(of label: Int) -> Int {
    requireClass(label)
    return predictedCounts[label]
  }

  /// The number of samples that are of a class and were predicted to be.
  public func truePositives(of label: Int) -> Int { self[actual: label, predicted: label] }

  /// The number of samples that were predicted to be of a class and are not.
  public func falsePositives(of label: Int) -> Int { predictedCount(of: label) - truePositives(of: label) }

  /// The number of samples that are of a class and were not predicted to be.
  public func falseNegatives(of label: Int) -> Int { actualCount(of: label) - truePositives(of: label) }

  private func requireClass(_ label: Int) {
    precondition(label >= 0 && label < classCount, "class out of range")
  }
}

/// A class, another one that it was taken for, and how often.
public struct ConfusedPair: Encodable, Equatable, Hashable, Sendable {
  /// The class of the samples.
  public let actual: Int
  /// The class that they were taken for.
  public let predicted: Int
  /// The number of samples.
  public let count: Int

  /// Creates a pair.
  public init(actual: Int, predicted: Int, count: Int) {
    self.actual = actual
    self.predicted = predicted
    self.count = count
  }
}

extension ConfusionMatrix {
  /// The errors by pairs of classes, the most frequent pair first; equally frequent ones by ascending classes.
  ///
  /// ```swift
  /// matrix.confusedPairs.prefix(3)  // 4 taken for 9: 31 times, 9 taken for 4: 22 times, ...
  /// ```
  ///
  /// - Returns: Every pair of different classes that occurs.
  /// - Complexity: O(classCount² + p log p) for p such pairs.
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
  /// The counts as a table: a heading of predicted classes, then a line per actual class.
  public var description: String {
    let width = String(max(classCount - 1, counts.max() ?? 0)).count
    let heading = [""] + (0..<classCount).map(String.init)
    let lines = [heading] + rows.enumerated().map { row in [String(row.offset)] + row.element.map(String.init) }
    return lines.map { $0.map { padded($0, to: width) }.joined(separator: "  ") }.joined(separator: "\n")
  }
}

/// The reason why predictions cannot be evaluated.
public enum EvaluationError: Error, Equatable, Sendable {
  /// Which of the two lists of labels is meant.
  public enum Source: String, Sendable {
    /// The true labels.
    case actual
    /// The predicted labels.
    case predicted
  }

  /// There is nothing to evaluate.
  case noSamples
  /// There are not as many predictions as labels.
  case sampleCounts(actual: Int, predicted: Int)
  /// A label is not among the classes `0..<classCount`.
  case labelOutOfRange(Source, index: Int, label: Int, classCount: Int)
  /// There are no classes, or too many for a square of counts.
  case classCountOutOfRange(Int, limit: Int)
  /// There are not as many names as classes.
  case classNameCount(expected: Int, found: Int)
}

extension EvaluationError: CustomStringConvertible {
  /// One sentence that says what is wrong and where.
  public var description: String {
    switch self {
    case .noSamples:
      "there are no samples to evaluate"
    case .sampleCounts(let actual, let predicted):
      "there are \(actual) actual labels but \(predicted) predicted ones"
    case .labelOutOfRange(let source, let index, let label, let classCount):
      "\(source.rawValue) label \(label) at index \(index) is not in the expected range 0...\(classCount - 1)"
    case .classCountOutOfRange(let count, let limit):
      "\(count) classes cannot be evaluated: expected 1 to \(limit)"
    case .classNameCount(let expected, let found):
      "there are \(found) class names for \(expected) classes"
    }
  }
}
