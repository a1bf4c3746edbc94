public import Matrices

/// Turns labels into rows with a 1 in the label's column and 0 elsewhere (one-hot), and such rows, or a network's outputs,
/// back into labels.
///
/// ```swift
/// let binarizer = LabelBinarizer(classCount: 3)
/// try binarizer.transform([2, 0])                                  // [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
/// try binarizer.inverseTransform(Matrix(rows: [[0.1, 0.7, 0.2]]))  // [1]
/// ```
///
/// The classes are always `0..<classCount`. There are two differences to scikit-learn's class of the same name: two classes
/// give two columns, where scikit-learn gives a single one; and a class that no label has still has its column.
public struct LabelBinarizer: Equatable, Sendable {
  /// As many classes as ``fit(_:)`` accepts. More would be a sign that the numbers are no labels.
  public static let maximumClassCount = 65_536

  /// The number of classes, and of columns.
  public let classCount: Int

  /// A binarizer for the classes `0..<classCount`, of which there is at least one.
  public init(classCount: Int) {
    precondition(classCount > 0, "there is at least one class")
    self.classCount = classCount
  }

  /// The binarizer for the classes 0 to the largest of some labels.
  ///
  /// - Throws: ``LabelBinarizationError`` if there are no labels, or one is negative or not below ``maximumClassCount``.
  /// - Complexity: O(labels.count).
  public static func fit(
    _ labels: some Collection<some BinaryInteger>
  ) throws(LabelBinarizationError) -> LabelBinarizer {
    var largest: Int?
    for (index, label) in labels.enumerated() {
      guard let column = Int(exactly: label), (0..<maximumClassCount).contains(column) else {
        throw .labelOutOfRange(index: index, label: "\(label)", classCount: maximumClassCount)
      }
      largest = max(largest ?? 0, column)
    }
    guard let largest else { throw .noLabels }
    return LabelBinarizer(classCount: largest + 1)
  }

  /// The labels as rows of 0 and a single 1, `[sampleCount, classCount]`.
  ///
  /// - Parameter labels: `[sampleCount]`, each in `0..<classCount`.
  /// - Throws: ``LabelBinarizationError/labelOutOfRange(index:label:classCount:)`` for the first that is not.
  /// - Complexity: O(sampleCount * classCount).
  public func transform(
    _ labels: some Collection<some BinaryInteger>
  ) throws(LabelBinarizationError) -> Matrix<Double> {
    var columns: [Int] = []
    columns.reserveCapacity(labels.count)
    for (index, label) in labels.enumerated() {
      guard let column = Int(exactly: label), (0..<classCount).contains(column) else {
        throw .labelOutOfRange(index: index, label: "\(label)", classCount: classCount)
      }
      columns.append(column)
    }
    var matrix = Matrix<Double>(rowCount: columns.count, columnCount: classCount)
    matrix.withUnsafeMutableElements { elements in
      for (row, column) in columns.enumerated() { elements[row * classCount + column] = 1 }
    }
    return matrix
  }

  /// The column with the largest value of each row, `[sampleCount]`.
  ///
  /// Of equal values the first counts. A value that is not a number counts as larger than all others, so that the first
  /// such column is the row's label. Both are as in `np.argmax`.
  ///
  /// - Parameter matrix: One-hot rows or a network's outputs, `[sampleCount, classCount]`.
  /// - Throws: ``LabelBinarizationError/columnCount(expected:found:)`` if it has another number of columns.
  /// - Complexity: O(sampleCount * classCount).
  public func inverseTransform(_ matrix: Matrix<Double>) throws(LabelBinarizationError) -> [Int] {
    guard matrix.columnCount == classCount else {
      throw .columnCount(expected: classCount, found: matrix.columnCount)
    }
    return matrix.indicesOfRowMaxima
  }
}
