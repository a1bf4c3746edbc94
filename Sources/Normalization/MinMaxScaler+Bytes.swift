public import Matrices

// Image files hold pixels as bytes. There are only 256 of them, so that scaling all as one is a look-up.
extension MinMaxScaler {
  /// The scaler for all of some bytes as one: the same as converting them to a matrix and fitting with
  /// ``ScalingScope/whole``.
  ///
  /// - Throws: ``NormalizationError/noData(rowCount:columnCount:)`` if there are none.
  /// - Complexity: O(bytes.count).
  public static func fit(
    bytes: [UInt8], range: ClosedRange<Double> = 0...1
  ) throws(NormalizationError) -> MinMaxScaler {
    requireExtent(of: range)
    guard let minimum = bytes.min(), let maximum = bytes.max() else { throw .noData(rowCount: 0, columnCount: 0) }
    return try MinMaxScaler(range: range, scope: .whole, minimum: [Double(minimum)], maximum: [Double(maximum)])
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
  public func transform(bytes: [UInt8], columnCount: Int) throws(NormalizationError) -> Matrix<Double> {
    precondition(columnCount > 0, "a row has at least one byte")
    guard bytes.count.isMultiple(of: columnCount) else {
      throw .byteCount(found: bytes.count, columnCount: columnCount)
    }
    let values = (0...255).map { scope == .whole ? scaledAsWhole(Double($0)) : Double($0) }
    var matrix = Matrix<Double>(rowCount: bytes.count / columnCount, columnCount: columnCount)
    matrix.withUnsafeMutableElements { target in
      values.withUnsafeBufferPointer { values in
        for index in bytes.indices { target[index] = values[Int(bytes[index])] }
      }
    }
    return scope == .whole ? matrix : try transform(matrix)
  }
}
