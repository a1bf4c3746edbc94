public import Matrices

/// A converter from labels to one-hot rows and back. It also converts a network's outputs to labels.
///
/// A one-hot row has a 1 in the column of its label and 0 in all other columns.
///
/// ```swift
/// let binarizer = LabelBinarizer(classCount: 3)
/// try binarizer.transform([2, 0]).matrix()                         // [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
/// try binarizer.inverseTransform(Matrix(rows: [[0.1, 0.7, 0.2]]))  // [1]
/// ```
///
/// The classes are always `0..<classCount`. There are two differences from scikit-learn's `LabelBinarizer`. Two classes
/// give two columns here, but one column in scikit-learn. A class without samples still has a column.
public struct LabelBinarizer: Equatable, Sendable {
  /// The largest number of classes. Larger numbers in a data set are probably not labels.
  public static let maximumClassCount = 65_536

  /// The number of classes, which is also the number of columns.
  public let classCount: Int

  /// Creates a binarizer for the classes `0..<classCount`.
  ///
  /// - Precondition: `classCount` is in `1...maximumClassCount`.
  public init(classCount: Int) {
    precondition(
      (1...Self.maximumClassCount).contains(classCount), "the number of classes must be 1 to \(Self.maximumClassCount)")
    self.classCount = classCount
  }

  /// Returns the binarizer for the classes from 0 to the largest of the labels.
  ///
  /// - Throws: ``LabelBinarizationError`` if there are no labels, if a label is negative, or if a label is
  ///   ``maximumClassCount`` or more.
  /// - Complexity: O(labels.count).
  public static func fit(
    _ labels: some Collection<some BinaryInteger>
  ) throws(LabelBinarizationError) -> LabelBinarizer {
    let classes = try LabelBinarizer(classCount: maximumClassCount).transform(labels).classes
    guard let largest = classes.max() else { throw .noLabels }
    return LabelBinarizer(classCount: Int(largest) + 1)
  }

  /// Returns the labels as one-hot rows, `[sampleCount, classCount]`. A row takes only two bytes of memory.
  ///
  /// - Parameter labels: The labels, `[sampleCount]`. Each label is in `0..<classCount`.
  /// - Throws: ``LabelBinarizationError/labelOutOfRange(index:label:classCount:)`` for the first label that is not in
  ///   `0..<classCount`.
  /// - Complexity: O(sampleCount).
  @inlinable
  public func transform(
    _ labels: some Collection<some BinaryInteger>
  ) throws(LabelBinarizationError) -> Targets {
    var classes: [UInt16] = []
    classes.reserveCapacity(labels.count)
    for (index, label) in labels.enumerated() {
      guard let column = UInt16(exactly: label), column < classCount else {
        throw .labelOutOfRange(index: index, label: "\(label)", classCount: classCount)
      }
      classes.append(column)
    }
    return Targets(classes: classes, classCount: classCount)
  }

  /// Returns the label of each row, `[sampleCount]`. The label is the column with the largest value of the row.
  ///
  /// If several values are equal, the first one wins. NaN counts as larger than every number, so the first NaN of a row
  /// wins. `np.argmax` has the same two rules.
  ///
  /// - Parameter matrix: One-hot rows or a network's outputs, `[sampleCount, classCount]`.
  /// - Throws: ``LabelBinarizationError/columnCount(expected:found:)`` if the matrix does not have `classCount`
  ///   columns.
  /// - Complexity: O(sampleCount * classCount).
  public func inverseTransform(_ matrix: Matrix<Double>) throws(LabelBinarizationError) -> [Int] {
    guard matrix.columnCount == classCount else {
      throw .columnCount(expected: classCount, found: matrix.columnCount)
    }
    return matrix.indicesOfRowMaxima
  }
}

/// The reason why labels cannot be converted to one-hot rows, or rows to labels.
public enum LabelBinarizationError: Error, Equatable, Sendable {
  /// There are no labels, so the classes are unknown.
  case noLabels

  /// A label is not among the classes `0..<classCount`. The label is stored as text because it may not fit in an `Int`.
  case labelOutOfRange(index: Int, label: String, classCount: Int)

  /// The number of columns of a matrix differs from the number of classes.
  case columnCount(expected: Int, found: Int)
}

extension LabelBinarizationError: CustomStringConvertible {
  /// The error message: one sentence.
  public var description: String {
    switch self {
    case .noLabels:
      "there are no labels, so the classes are unknown"
    case .labelOutOfRange(let index, let label, let classCount):
      "label \(label) at index \(index) is not in the expected range 0...\(classCount - 1)"
    case .columnCount(let expected, let found):
      "the matrix has \(found) columns, expected \(expected), one for each class"
    }
  }
}
