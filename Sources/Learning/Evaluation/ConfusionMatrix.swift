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

  private let counts: [Int]
  private let actualCounts: [Int]
  private let predictedCounts: [Int]

  /// The counts for samples whose labels are known.
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
    let classes = 0..<classCount
    var counts = [Int](repeating: 0, count: classCount * classCount)
    var actualCounts = [Int](repeating: 0, count: classCount)
    var predictedCounts = actualCounts
    for (index, pair) in zip(actual, predicted).enumerated() {
      guard classes.contains(pair.0) else {
        throw .labelOutOfRange(.actual, index: index, label: pair.0, classCount: classCount)
      }
      guard classes.contains(pair.1) else {
        throw .labelOutOfRange(.predicted, index: index, label: pair.1, classCount: classCount)
      }
      counts[pair.0 * classCount + pair.1] += 1
      actualCounts[pair.0] += 1
      predictedCounts[pair.1] += 1
    }
    self.classCount = classCount
    self.sampleCount = actual.count
    self.counts = counts
    self.actualCounts = actualCounts
    self.predictedCounts = predictedCounts
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

extension ConfusionMatrix: CustomStringConvertible {
  /// The counts as a table: a heading of predicted classes, then a line per actual class.
  public var description: String {
    let width = String(max(classCount - 1, counts.max() ?? 0)).count
    let heading = [""] + (0..<classCount).map(String.init)
    let lines = [heading] + rows.enumerated().map { row in [String(row.offset)] + row.element.map(String.init) }
    return lines.map { $0.map { padded($0, to: width) }.joined(separator: "  ") }.joined(separator: "\n")
  }
}
