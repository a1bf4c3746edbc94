/// Pixels as rows of one length, `[count, columnCount]`, an image each, for as long as the call lasts that gives them.
///
/// Plain pointers, so that asking for a row costs nothing but arithmetic.
@usableFromInline
package struct UnsafePixelRows {
  @usableFromInline
  struct Piece {
    /// One more than the last of its rows.
    @usableFromInline let end: Int
    /// Where the row with the index 0 would lie if all rows before lay in this piece too.
    @usableFromInline let origin: UInt
  }

  @usableFromInline let pieces: UnsafePointer<Piece>
  /// The bytes of a row.
  @usableFromInline package let columnCount: Int

  /// The bytes of a row, of which there must be one with that index.
  @inlinable package subscript(row: Int) -> UnsafePointer<UInt8> {
    var piece = pieces
    while row >= piece.pointee.end { piece += 1 }
    return UnsafePointer(bitPattern: piece.pointee.origin &+ UInt(bitPattern: row &* columnCount)).unsafelyUnwrapped
  }
}

extension PixelBytes {
  /// The same bytes in memory that splits no row; they are copied where it would.
  package func inWholeRows(of columnCount: Int) -> PixelBytes {
    let isSplit = withUnsafeSegments { $0.contains { !$0.count.isMultiple(of: columnCount) } }
    return isSplit ? PixelBytes(Array(self)) : self
  }

  /// Calls `body` with the bytes as rows.
  ///
  /// - Precondition: there is a row, and none is split, as ``inWholeRows(of:)`` sees to.
  package func withUnsafeRows<Result, Failure: Error>(
    of columnCount: Int, _ body: (UnsafePixelRows) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(columnCount > 0 && count >= columnCount, "there is a row")
    return try withUnsafeSegments { (segments) throws(Failure) in
      var end = 0
      let pieces = segments.map { segment in
        precondition(segment.count.isMultiple(of: columnCount), "no row is split")
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
