/// Pointers to rows of pixels. All rows have the same length, and each row holds one image.
///
/// The rows form a matrix `[rowCount, columnCount]`.
///
/// The pointers are valid only during the call of ``PixelBytes/withUnsafeRows(of:_:)`` that creates them.
@usableFromInline
package struct UnsafePixelRows {
  @usableFromInline
  struct Piece {
    /// The index after the last row of the piece.
    @usableFromInline let end: Int
    /// The address of the piece minus the number of bytes in all earlier rows.
    ///
    /// Each row of the piece begins at the address `origin + row * columnCount`.
    @usableFromInline let origin: UInt
  }

  @usableFromInline let pieces: UnsafePointer<Piece>
  /// The number of bytes in a row.
  @usableFromInline package let columnCount: Int

  /// Returns a pointer to the bytes of a row, `[columnCount]`.
  ///
  /// - Precondition: A row with this index exists. The subscript does not check the index.
  @inlinable package subscript(row: Int) -> UnsafePointer<UInt8> {
    var piece = pieces
    while row >= piece.pointee.end { piece += 1 }
    return UnsafePointer(bitPattern: piece.pointee.origin &+ UInt(bitPattern: row &* columnCount)).unsafelyUnwrapped
  }
}

extension PixelBytes {
  /// Returns the same bytes in segments that consist of whole rows. If a segment ends inside a row, the bytes are
  /// copied.
  package func inWholeRows(of columnCount: Int) -> PixelBytes {
    let isSplit = withUnsafeSegments { $0.contains { !$0.count.isMultiple(of: columnCount) } }
    return isSplit ? PixelBytes(Array(self)) : self
  }

  /// Calls `body` with pointers to rows of `columnCount` bytes.
  ///
  /// The rows form a matrix `[count / columnCount, columnCount]`.
  ///
  /// - Precondition: There is at least one row, and no segment ends inside a row. The result of ``inWholeRows(of:)``
  ///   has no segment that ends inside a row.
  package func withUnsafeRows<Result, Failure: Error>(
    of columnCount: Int, _ body: (UnsafePixelRows) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(columnCount > 0 && count >= columnCount, "there is at least one row")
    return try withUnsafeSegments { (segments) throws(Failure) in
      var end = 0
      let pieces = segments.map { segment in
        precondition(segment.count.isMultiple(of: columnCount), "no segment ends inside a row")
        let origin = UInt(bitPattern: segment.baseAddress) &- UInt(bitPattern: end &* columnCount)
        end += segment.count / columnCount
        return UnsafePixelRows.Piece(end: end, origin: origin)
      }
      return try pieces.withUnsafeBufferPointer { (pieces) throws(Failure) in
        try body(UnsafePixelRows(pieces: pieces.baseAddress!, columnCount: columnCount))
      }
    }
  }
}
