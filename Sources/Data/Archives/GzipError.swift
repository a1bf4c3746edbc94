internal import DisplayText
public import Memory

/// An error from unpacking a gzip file: the file is damaged, or its contents are too large.
public enum GzipError: Error, Equatable, Sendable {
  /// The file is empty or does not begin with `1F 8B`. `found` holds up to 16 bytes from the beginning of the file.
  case notGzip(found: [UInt8])
  /// A member has a compression method other than 8 (deflate).
  case unknownMethod(offset: Int, found: UInt8)
  /// A member has flags set that RFC 1952 reserves.
  case reservedFlags(offset: Int, found: UInt8)
  /// The checksum of a member's header is wrong. `expected` is computed from the header; `found` is stored in the file.
  case headerChecksum(offset: Int, expected: UInt16, found: UInt16)
  /// The file ends inside a part of a member. The file has `found` bytes and needs at least `expectedAtLeast` bytes.
  case cut(part: Part, expectedAtLeast: Int, found: Int)
  /// The compressed data is not valid deflate data. `reason` is zlib's message.
  case invalidData(offset: Int, reason: String)
  /// The CRC-32 of a member is wrong. `expected` is computed from the contents; `found` is stored in the file.
  case checksum(offset: Int, expected: UInt32, found: UInt32)
  /// The stated length of a member is wrong. `expected` is the length of the contents modulo 2^32; `found` is stored in
  /// the file.
  case length(offset: Int, expected: UInt32, found: UInt32)
  /// The last member is followed by `count` bytes that are not all zero.
  case trailingBytes(offset: Int, count: Int)
  /// The contents are longer than the caller allows. `offset` is the position in the file that unpacking had reached.
  case tooLarge(offset: Int, maximumByteCount: Int)
  /// The contents need more memory than is available. `offset` is the position in the file that unpacking had reached.
  case memory(offset: Int, MemoryError)

  /// A part of a gzip member.
  public enum Part: String, Sendable {
    /// The signature, the flags, and the optional fields that the flags indicate.
    case header = "header"
    /// The deflate data.
    case compressedData = "compressed data"
    /// The CRC-32 and the length of the contents.
    case trailer = "trailer"
  }

  /// The offset of the error in the file, in bytes. If the file is cut off, the offset is the length of the file.
  public var byteOffset: Int {
    switch self {
    case .notGzip: 0
    case .cut(_, _, let found): found
    case .unknownMethod(let offset, _), .reservedFlags(let offset, _), .headerChecksum(let offset, _, _),
      .invalidData(let offset, _), .checksum(let offset, _, _), .length(let offset, _, _),
      .trailingBytes(let offset, _), .tooLarge(let offset, _), .memory(let offset, _):
      offset
    }
  }
}

extension GzipError: CustomStringConvertible {
  /// A message of one sentence that begins with the offset, such as
  /// `at byte 8: unknown compression method 0x07, expected 0x08`.
  public var description: String {
    "at byte \(byteOffset): \(complaint)"
  }

  private var complaint: String {
    switch self {
    case .notGzip(let found):
      found.isEmpty
        ? "the file is empty, expected the gzip signature 1F 8B"
        : "expected the gzip signature 1F 8B, found \(found.prefix(4).hexadecimal)"
          + (found.looksLikeMarkup ? ", which looks like an HTML page" : "")
    case .unknownMethod(_, let found):
      "unknown compression method 0x\(found.hexadecimal), expected 0x08"
    case .reservedFlags(_, let found):
      "reserved flags are set in 0x\(found.hexadecimal), expected at most 0x1F"
    case .headerChecksum(_, let expected, let found):
      "the header's checksum should be 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .cut(let part, let expectedAtLeast, let found):
      "the file ends inside the \(part.rawValue), expected at least \(expectedAtLeast) bytes, found \(found)"
    case .invalidData(_, let reason):
      "the compressed data is damaged (\(reason))"
    case .checksum(_, let expected, let found):
      "the contents' CRC-32 should be 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .length(_, let expected, let found):
      "the contents' length should be \(expected), found \(found)"
    case .trailingBytes(_, let count):
      "\(count) bytes follow the last member, expected the end of the file"
    case .tooLarge(_, let maximumByteCount):
      "the contents are longer than the \(maximumByteCount) bytes allowed"
    case .memory(_, let error):
      "unpacking \(error)"
    }
  }
}
