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
