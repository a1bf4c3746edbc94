public import Matrices

/// Turns labels into rows with a 1 in the label's column and 0 elsewhere (one-hot), and such rows, or a network's outputs,
/// back into labels.
///
/// ```swift
/// let binarizer = LabelBinarizer(classCount: 3)
/// try binarizer.transform([2, 0]).matrix()                         // [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
/// try binarizer.inverseTransform(Matrix(rows: [[0.1, 0.7, 0.2]]))  // [1]
/// ```
///
/// The classes are always `0..<classCount`. There are two differences to scikit-learn's class of the same name: two classes
/// give two columns, where scikit-learn gives a single one; and a class that no label has still has its column.
public struct LabelBinarizer: Equatable, Sendable {
  /// The largest number of classes. More would be a sign that the numbers are not labels.
  public static let maximumClassCount = 65_536

  /// The number of classes, and of columns.
  public let classCount: Int

  /// Creates a binarizer for the classes `0..<classCount`.
  ///
  /// - Precondition: There is at least one class, and at most ``maximumClassCount``.
  public init(classCount: Int) {
    precondition((1...Self.maximumClassCount).contains(classCount), "there are 1 to \(Self.maximumClassCount) classes")
    self.classCount = classCount
  }

  /// Returns the binarizer for the classes 0 to the largest of some labels.
  ///
  /// - Throws: ``LabelBinarizationError`` if there are no labels, or one is negative or not below ``maximumClassCount``.
  /// - Complexity: O(labels.count).
  public static func fit(
    _ labels: some Collection<some BinaryInteger>
  ) throws(LabelBinarizationError) -> LabelBinarizer {
    let classes = try LabelBinarizer(classCount: maximumClassCount).transform(labels).classes
    guard let largest = classes.max() else { throw .noLabels }
    return LabelBinarizer(classCount: Int(largest) + 1)
  }

  /// Returns the labels as one-hot rows, `[sampleCount, classCount]`, in a compact form: two bytes a row.
  ///
  /// - Parameter labels: `[sampleCount]`, each in `0..<classCount`.
  /// - Throws: ``LabelBinarizationError/labelOutOfRange(index:label:classCount:)`` for the first that is not.
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

  /// Returns the column with the largest value of each row, `[sampleCount]`.
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

/// Why labels cannot be turned into columns, or columns into labels.
public enum LabelBinarizationError: Error, Equatable, Sendable {
  /// There are no labels to find the classes in.
  case noLabels

  /// A label is not among the classes `0..<classCount`. The label is given as text, as it may not fit an `Int`.
  case labelOutOfRange(index: Int, label: String, classCount: Int)

  /// A matrix has another number of columns than there are classes.
  case columnCount(expected: Int, found: Int)
}

extension LabelBinarizationError: CustomStringConvertible {
  /// One sentence that says what is wrong and where.
  public var description: String {
    switch self {
    case .noLabels:
      "there are no labels to find the classes in"
    case .labelOutOfRange(let index, let label, let classCount):
      "label \(label) at index \(index) is not in the expected range 0...\(classCount - 1)"
    case .columnCount(let expected, let found):
      "the matrix has \(found) columns, but there are \(expected) classes"
    }
  }
}
