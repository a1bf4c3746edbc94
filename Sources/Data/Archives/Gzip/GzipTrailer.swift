/// What stands after a member's compressed data: its contents' CRC-32 and their length modulo 2^32.
struct GzipTrailer {
  static let byteCount = 8

  let checksum: UInt32
  let length: UInt32

  /// The trailer that fits contents of a checksum and a length.
  init(_ checksum: UInt32, _ byteCount: Int) {
    self.checksum = checksum
    self.length = UInt32(truncatingIfNeeded: byteCount)
  }

  /// Compares this trailer with the one that a file has at an offset.
  ///
  /// - Returns: where that one ends.
  func check(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(GzipError) -> Int {
    guard bytes.count - offset >= Self.byteCount else {
      throw .cut(part: .trailer, expectedAtLeast: offset + Self.byteCount, found: bytes.count)
    }
    let storedChecksum = bytes.littleEndian(UInt32.self, at: offset)
    guard storedChecksum == checksum else {
      throw .checksum(offset: offset, expected: checksum, found: storedChecksum)
    }
    let storedLength = bytes.littleEndian(UInt32.self, at: offset + 4)
    guard storedLength == length else {
      throw .length(offset: offset + 4, expected: length, found: storedLength)
    }
    return offset + Self.byteCount
  }

  /// The trailer's bytes.
  var encoded: [UInt8] {
    [checksum, length].flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
  }
}
