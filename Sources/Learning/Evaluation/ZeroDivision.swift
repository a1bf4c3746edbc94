/// What a score is whose denominator is 0: the precision of a class that was never predicted, the recall of one that no
/// sample has.
///
/// scikit-learn's `zero_division`; its default `"warn"` is ``zero`` with a warning.
public enum ZeroDivision: String, CaseIterable, Codable, Sendable {
  /// 0, so that such classes lower the averages.
  case zero
  /// 1, so that they raise them.
  case one
  /// Not a number, and the class is left out of the averages.
  case nan

  var value: Double {
    switch self {
    case .zero: 0
    case .one: 1
    case .nan: .nan
    }
  }
}
