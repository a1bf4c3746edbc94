public import Matrices
internal import Pixels

// Image files hold pixels as bytes. There are only 256 of them, so that scaling all as one is a look-up.
extension MinMaxScaler {
  /// The scaler for all of some bytes as one: the same as converting them to a matrix and fitting with
  /// ``ScalingScope/whole``.
  ///
  /// - Throws: ``NormalizationError/noData(rowCount:columnCount:)`` if there are none.
  /// - Complexity: O(bytes.count), less where 0 and 255 are found before the end.
  public static func fit(
    bytes: some Collection<UInt8>, range: ClosedRange<Double> = 0...1
  ) throws(NormalizationError) -> MinMaxScaler {
    requireExtent(of: range)
    guard let found = PixelBytes(bytes).valueRange else { throw .noData(rowCount: 0, columnCount: 0) }
    return try MinMaxScaler(
      range: range, scope: .whole, minimum: [Double(found.lowerBound)], maximum: [Double(found.upperBound)])
  }

  /// The scaled bytes as rows, `[bytes.count / columnCount, columnCount]`: bit for bit what converting them to a matrix
  /// and ``transform(_:)`` would give.
  ///
  /// - Parameters:
  ///   - bytes: Row after row; as many as are a multiple of `columnCount`.
  ///   - columnCount: The length of a row, at least 1.
  /// - Throws: ``NormalizationError`` if the bytes are not a whole number of rows, or, where features are scaled on their
  ///   own, if there are not as many columns as features were fitted to.
  /// - Complexity: O(bytes.count).
  public func transform(
    bytes: some Collection<UInt8>, columnCount: Int
  ) throws(NormalizationError) -> Matrix<Double> {
    precondition(columnCount > 0, "a row has at least one byte")
    guard bytes.count.isMultiple(of: columnCount) else {
      throw .byteCount(found: bytes.count, columnCount: columnCount)
    }
    let values = (0...255).map { scope == .whole ? scaledAsWhole(Double($0)) : Double($0) }
    let matrix = Matrix<Double>(bytes: PixelBytes(bytes), columnCount: columnCount, values: values)
    return scope == .whole ? matrix : try transform(matrix)
  }
}
