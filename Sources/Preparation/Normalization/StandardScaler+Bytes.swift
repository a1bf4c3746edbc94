internal import Pixels

extension StandardScaler {
  /// The scaler for some rows of bytes, such as images, each feature on its own: bit for bit what converting the rows to a
  /// matrix and ``fit(_:scope:)`` would give, without the matrix, which takes eight times the bytes' memory.
  ///
  /// - Parameters:
  ///   - bytes: row after row; as many as are a multiple of `columnCount`.
  ///   - columnCount: the length of a row, at least 1.
  ///   - indices: which of the rows; all where nil.
  /// - Throws: ``NormalizationError`` if the bytes are not a whole number of rows, or there are none.
  /// - Complexity: O(rows * columnCount).
  /// - Precondition: there are rows with these indices.
  public static func fit(
    bytes: some Collection<UInt8>, columnCount: Int, at indices: [Int]? = nil
  ) throws(NormalizationError) -> StandardScaler {
    precondition(columnCount > 0, "a row has at least one byte")
    guard bytes.count.isMultiple(of: columnCount) else {
      throw .byteCount(found: bytes.count, columnCount: columnCount)
    }
    let indices = indices ?? Array(0..<bytes.count / columnCount)
    guard !indices.isEmpty else { throw .noData(rowCount: 0, columnCount: columnCount) }
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < bytes.count / columnCount }, "there are rows with the indices")
    return try PixelBytes(bytes).withUnsafeRows(of: columnCount) { rows throws(NormalizationError) in
      try fit(scope: .feature, count: indices.count, columnCount: columnCount) { term in
        var sums = [Double](repeating: 0, count: columnCount)
        sums.withUnsafeMutableBufferPointer { sums in
          for index in indices {
            let row = rows[index]
            for column in 0..<columnCount { sums[column] += term(Double(row[column]), column) }
          }
        }
        return sums
      }
    }
  }
}
