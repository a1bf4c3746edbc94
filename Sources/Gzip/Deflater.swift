private import CZlib

/// zlib's coder to raw deflate data, with the piece of memory through which its output passes.
final class Deflater {
  private static let pieceByteCount = 1 << 17

  private let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceByteCount)
  // zlib's state points back at the stream, so that it has to stay where it is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// A coder of a level from 0 to 9.
  init(level: Int) {
    stream.initialize(to: z_stream())
    let status = CZlib_deflateInit2(stream, Int32(level), -MAX_WBITS, 8)
    precondition(status == Z_OK, "zlib could not start, most likely for want of memory")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Packs bytes and appends the result to a file. A coder packs once.
  ///
  /// - Returns: the CRC-32 of the bytes.
  func deflate(_ bytes: UnsafeRawBufferPointer, onto file: inout [UInt8]) -> UInt32 {
    var position = 0
    var checksum: UInt = 0
    while true {
      let offered = stream.pointee.take(bytes[position...])
      let input = stream.pointee.next_in
      stream.pointee.next_out = piece.baseAddress
      stream.pointee.avail_out = UInt32(piece.count)
      let status = CZlib.deflate(stream, position + offered == bytes.count ? Z_FINISH : Z_NO_FLUSH)
      precondition(status == Z_OK || status == Z_STREAM_END, "zlib could not go on")
      let consumed = offered - Int(stream.pointee.avail_in)
      if consumed > 0 { checksum = crc32(checksum, input, UInt32(consumed)) }
      position += consumed
      file.append(contentsOf: piece[..<(piece.count - Int(stream.pointee.avail_out))])
      if status == Z_STREAM_END { return UInt32(checksum) }
    }
  }
}
