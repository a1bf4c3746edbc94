private import CZlib

/// zlib's decoder for raw deflate data, with the piece of memory through which its output passes.
///
/// Output goes to a piece small enough to stay in the processor's cache, is summed there, and is then appended to the
/// contents: one copy, and no need to know or to trust any length beforehand.
final class Inflater {
  static let pieceByteCount = 1 << 17

  private let maximumByteCount: Int
  private let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceByteCount)
  // zlib's state points back at the stream, so that it has to stay where it is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init(maximumByteCount: Int) {
    self.maximumByteCount = maximumByteCount
    stream.initialize(to: z_stream())
    let status = CZlib_inflateInit2(stream, -MAX_WBITS)
    precondition(status == Z_OK, "zlib could not start, most likely for want of memory")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Unpacks the deflate data that begins at an offset in the file, and appends it to the contents.
  ///
  /// - Returns: where the data ends, and the CRC-32 and the length of what was unpacked.
  func inflate(
    _ bytes: UnsafeRawBufferPointer, from start: Int, onto contents: inout [UInt8]
  ) throws(GzipError) -> (end: Int, checksum: UInt32, byteCount: Int) {
    inflateReset(stream)
    var position = start
    var checksum: UInt = 0
    let countBefore = contents.count
    while true {
      let consumed = stream.pointee.take(bytes[position...])
      stream.pointee.next_out = piece.baseAddress
      stream.pointee.avail_out = UInt32(piece.count)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      position += consumed - Int(stream.pointee.avail_in)
      let unpacked = UnsafeBufferPointer(rebasing: piece[..<(piece.count - Int(stream.pointee.avail_out))])
      guard unpacked.count <= maximumByteCount - contents.count else {
        throw .tooLarge(offset: position, maximumByteCount: maximumByteCount)
      }
      checksum = crc32(checksum, unpacked.baseAddress, UInt32(unpacked.count))
      contents.append(contentsOf: unpacked)
      switch status {
      case Z_OK:
        continue
      case Z_STREAM_END:
        return (position, UInt32(checksum), contents.count - countBefore)
      case Z_BUF_ERROR:  // There was room for output, so it is input that is missing.
        throw .cut(
          part: .compressedData, expectedAtLeast: bytes.count + 1 + GzipTrailer.byteCount, found: bytes.count)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's status \(status)"
        throw .invalidData(offset: position, reason: reason)
      }
    }
  }
}

extension z_stream {
  /// Sets the next input, as much as zlib's 32-bit counts hold of it.
  ///
  /// - Returns: how much that is.
  mutating func take(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    let buffer = UnsafeRawBufferPointer(rebasing: bytes.prefix(1 << 30))
    next_in = UnsafeMutablePointer(mutating: buffer.baseAddress?.assumingMemoryBound(to: UInt8.self))
    avail_in = UInt32(buffer.count)
    return buffer.count
  }
}
