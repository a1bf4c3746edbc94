internal import DisplayText
public import Memory

/// Why bytes are not a gzip file, or not one that may be unpacked.
public enum GzipError: Error, Equatable, Sendable {
  /// The file does not begin with `1F 8B`; it begins with the bytes found, of which up to 16 are kept,
  /// or it is empty.
  case notGzip(found: [UInt8])
  /// A member names a compression method other than 8, deflate.
  case unknownMethod(offset: Int, found: UInt8)
  /// A member's flags have bits set that RFC 1952 reserves.
  case reservedFlags(offset: Int, found: UInt8)
  /// The header's own checksum does not fit its bytes: `expected` is what they give, `found` what is stored.
  case headerChecksum(offset: Int, expected: UInt16, found: UInt16)
  /// The file ends inside a part, `found` bytes long; for this part alone it would need to have `expectedAtLeast`.
  case cut(part: Part, expectedAtLeast: Int, found: Int)
  /// The compressed data breaks deflate's rules, in zlib's words.
  case invalidData(offset: Int, reason: String)
  /// A member's CRC-32 does not fit its contents: `expected` is what they give, `found` what is stored.
  case checksum(offset: Int, expected: UInt32, found: UInt32)
  /// A member's length, modulo 2^32, is not that of its contents: `expected` is theirs, `found` what is stored.
  case length(offset: Int, expected: UInt32, found: UInt32)
  /// Something other than zero padding or a further member follows the last member.
  case trailingBytes(offset: Int, count: Int)
  /// The contents are longer than the caller allows; seen when the file was read up to `offset`.
  case tooLarge(offset: Int, maximumByteCount: Int)
  /// The contents need more memory than there is; seen when the file was read up to `offset`.
  case memory(offset: Int, MemoryError)

  /// A part of a gzip member.
  public enum Part: String, Sendable {
    /// Signature, flags, and the fields that the flags announce.
    case header = "header"
    /// The deflate data.
    case compressedData = "compressed data"
    /// CRC-32 and length of the contents.
    case trailer = "trailer"
  }

  /// Where in the file the mistake lies, counted from 0; for a cut file its length.
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
  /// One sentence that begins with the place, such as `at byte 8: unknown compression method 0x07, expected 0x08`.
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
