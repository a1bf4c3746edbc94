/// What stands before a member's compressed data (RFC 1952, section 2.3). Only its end matters for unpacking; the
/// fields on the way there are checked and passed over.
struct GzipHeader {
  static let signature: [UInt8] = [0x1F, 0x8B]
  static let minimumByteCount = 10

  /// The one compression method there is.
  private static let deflate: UInt8 = 8

  /// Where the compressed data begins.
  let end: Int

  private struct Flags {
    static let headerChecksum: UInt8 = 0x02
    static let extra: UInt8 = 0x04
    static let name: UInt8 = 0x08
    static let comment: UInt8 = 0x10
    static let reserved: UInt8 = 0xE0
  }

  /// Reads the header that begins at an offset in the file.
  init(parsing bytes: UnsafeRawBufferPointer, at start: Int) throws(GzipError) {
    guard bytes[start...].prefix(2).elementsEqual(Self.signature.prefix(bytes.count - start)) else {
      throw .notGzip(found: Array(bytes[start...].prefix(16)))
    }
    var position = start

    func advance(by count: Int) throws(GzipError) {
      guard bytes.count - position >= count else {
        throw .cut(part: .header, expectedAtLeast: position + count, found: bytes.count)
      }
      position += count
    }

    func advancePastZero() throws(GzipError) {
      guard let zero = bytes[position...].firstIndex(of: 0) else {
        throw .cut(part: .header, expectedAtLeast: bytes.count + 1, found: bytes.count)
      }
      position = zero + 1
    }

    try advance(by: Self.minimumByteCount)
    let (method, flags) = (bytes[start + 2], bytes[start + 3])
    if method != Self.deflate { throw .unknownMethod(offset: start + 2, found: method) }
    if flags & Flags.reserved != 0 { throw .reservedFlags(offset: start + 3, found: flags) }
    if flags & Flags.extra != 0 {
      try advance(by: 2)
      try advance(by: Int(bytes.littleEndian(UInt16.self, at: position - 2)))
    }
    if flags & Flags.name != 0 { try advancePastZero() }
    if flags & Flags.comment != 0 { try advancePastZero() }
    if flags & Flags.headerChecksum != 0 {
      let offset = position
      try advance(by: 2)
      let checksum = CRC32(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
      let expected = UInt16(truncatingIfNeeded: checksum.value)
      let found = bytes.littleEndian(UInt16.self, at: offset)
      if found != expected { throw .headerChecksum(offset: offset, expected: expected, found: found) }
    }
    end = position
  }

  /// A header without a time or a system, and with a name if one is given.
  static func encoded(level: Int, fileName: String?) -> [UInt8] {
    let effort: UInt8 = level == 9 ? 2 : level == 1 ? 4 : 0
    let flags = fileName == nil ? 0 : Flags.name
    let fixed = signature + [deflate, flags, 0, 0, 0, 0, effort, 255]
    guard let fileName else { return fixed }
    precondition(!fileName.utf8.contains(0), "a file name has no zero character")
    return fixed + Array(fileName.utf8) + [0]
  }
}

extension UnsafeRawBufferPointer {
  /// A number stored with its lowest byte first, at any offset that has enough bytes after it.
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}
