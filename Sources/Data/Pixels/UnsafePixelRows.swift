/// Pointers to pixels as rows of equal length, one row for each image, `[rowCount, columnCount]`.
///
/// The pointers are valid only during the call of ``PixelBytes/withUnsafeRows(of:_:)`` that creates them. Finding a row
/// takes only arithmetic.
@usableFromInline
package struct UnsafePixelRows {
  @usableFromInline
  struct Piece {
    /// One more than the index of the piece's last row.
    @usableFromInline let end: Int
    /// The address that row 0 would have if all earlier rows were stored directly before this piece.
    @usableFromInline let origin: UInt
  }

  @usableFromInline let pieces: UnsafePointer<Piece>
  /// The number of bytes in a row.
  @usableFromInline package let columnCount: Int

  /// Returns a pointer to the bytes of a row, `[columnCount]`.
  ///
  /// - Precondition: A row with this index exists. The subscript does not check it.
  @inlinable package subscript(row: Int) -> UnsafePointer<UInt8> {
    var piece = pieces
    while row >= piece.pointee.end { piece += 1 }
    return UnsafePointer(bitPattern: piece.pointee.origin &+ UInt(bitPattern: row &* columnCount)).unsafelyUnwrapped
  }
}

extension PixelBytes {
  /// Returns the same bytes in segments of whole rows; copies the bytes if a segment ends inside a row.
  package func inWholeRows(of columnCount: Int) -> PixelBytes {
    let isSplit = withUnsafeSegments { $0.contains { !$0.count.isMultiple(of: columnCount) } }
    return isSplit ? PixelBytes(Array(self)) : self
  }

  /// Calls `body` with pointers to the rows of the bytes, `[count / columnCount, columnCount]`.
  ///
  /// - Precondition: There is at least one row, and no segment ends inside a row. ``inWholeRows(of:)`` returns pixels
  ///   without segments that end inside a row.
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
