/// Why predictions cannot be evaluated.
public enum EvaluationError: Error, Equatable, Sendable {
  /// Which of the two lists of labels is meant.
  public enum Source: String, Sendable {
    /// The labels as they are.
    case actual
    /// The labels as predicted.
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
