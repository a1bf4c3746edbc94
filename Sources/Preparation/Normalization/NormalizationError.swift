/// Why data cannot be scaled.
public enum NormalizationError: Error, Equatable, Sendable {
  /// There is nothing to fit to: no rows, or no columns.
  case noData(rowCount: Int, columnCount: Int)

  /// A value is infinite or not a number.
  case notFinite(row: Int, column: Int)

  /// The data have another number of features than those the scaler was fitted to.
  case featureCount(expected: Int, found: Int)

  /// The values are so large that their range or variance is beyond the largest `Double`. The column is nil where all
  /// columns are scaled as one.
  case overflow(column: Int?)

  /// Bytes that should be rows of equal length are not a multiple of that length.
  case byteCount(found: Int, columnCount: Int)
}

extension NormalizationError: CustomStringConvertible {
  /// One sentence that says what is wrong and where.
  public var description: String {
    switch self {
    case .noData(let rowCount, let columnCount):
      "there is nothing to fit a scaler to: the data have \(rowCount) rows and \(columnCount) columns"
    case .notFinite(let row, let column):
      "the value in row \(row), column \(column) is not a finite number"
    case .featureCount(let expected, let found):
      "the scaler was fitted to \(expected) features, but the data have \(found)"
    case .overflow(let column):
      "the values \(column.map { "of column \($0)" } ?? "of the data") are too far apart to be scaled in float64"
    case .byteCount(let found, let columnCount):
      "\(found) bytes are not a whole number of rows of \(columnCount)"
    }
  }
}
