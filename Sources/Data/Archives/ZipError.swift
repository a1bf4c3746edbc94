internal import DisplayText

/// An error from reading a zip archive: the archive is damaged, not supported, or too large.
public struct ZipError: Error, Equatable, Sendable {
  /// The name of the entry with the error; nil if the error is not in an entry, or if the name is not readable.
  public let entry: String?
  /// The offset of the error in the archive, in bytes.
  public let byteOffset: Int
  /// The kind of the error, with the expected and the found value.
  public let problem: Problem

  init(_ problem: Problem, at byteOffset: Int, entry: String? = nil) {
    self.problem = problem
    self.byteOffset = byteOffset
    self.entry = entry
  }

  /// A kind of error, with the expected and the found value.
  public enum Problem: Equatable, Sendable {
    /// The file has no end record and does not begin like a zip archive. `found` holds up to 16 bytes from the
    /// beginning of the file.
    case notZip(found: [UInt8])
    /// The file begins like a zip archive but has no end record. `found` is the size of the file in bytes.
    case endMissing(found: Int)
    /// A part of the archive does not fit in its space. The part should end at the offset `expected`, but the space
    /// ends at the offset `found`.
    case cut(part: Part, expected: Int, found: Int)
    /// A part of the archive does not begin with its signature.
    case signature(part: Part, expected: UInt32, found: UInt32)
    /// A field has a wrong value. The expected value follows from the format, from another field, or from the size of
    /// the file.
    case field(name: String, expected: UInt64, found: UInt64)
    /// An offset or a size in the directory is too large. The value must be less than the offset of the directory.
    case overflow(field: String, found: UInt64)
    /// The directory is larger than the caller allows.
    case directoryTooLarge(maximumByteCount: Int, found: Int)
    /// An extra field is shorter than its stated length, or a zip64 number is missing.
    case extraField
    /// The name of an entry is invalid. `reason` is the end of a sentence, such as `begins with /`.
    case invalidName(reason: String)
    /// Two entries have the same name.
    case duplicateName
    /// The contents of an entry are encrypted.
    case encrypted
    /// An entry has flags set that this package does not support.
    case unknownFlags(found: UInt16)
    /// The compression method of an entry is neither 0 (stored) nor 8 (deflated).
    case unknownMethod(found: UInt16)
    /// The stated length of an entry is too large. Compressed data of `compressedByteCount` bytes cannot unpack to
    /// `found` bytes.
    case impossibleLength(compressedByteCount: Int, found: UInt64)
    /// The compressed data is not valid deflate data. `reason` is zlib's message.
    case invalidData(reason: String)
    /// The data of an entry ends before the end of the deflate stream.
    case dataCut
    /// The deflate stream ends `count` bytes before the end of the entry's data.
    case trailingData(count: Int)
    /// The CRC-32 of an entry is wrong. `expected` is stored in the directory; `found` is computed from the contents.
    case checksum(expected: UInt32, found: UInt32)
    /// The length of an entry's contents is wrong. `expected` is stored in the directory. `found` is the number of
    /// bytes that were unpacked before the error.
    case length(expected: Int, found: Int)
    /// The contents of an entry are longer than the caller allows.
    case tooLarge(maximumByteCount: Int, found: Int)
  }

  /// A part of a zip archive.
  public enum Part: String, Sendable {
    /// The header before the data of an entry.
    case localHeader = "local header"
    /// The packed contents of an entry.
    case data = "data"
    /// The record after the data of an entry, with the checksum and the sizes of the entry.
    case dataDescriptor = "data descriptor"
    /// The central directory, which lists all entries.
    case directory = "central directory"
    /// The record of one entry in the directory.
    case directoryEntry = "directory entry"
    /// The additional end record of a large archive.
    case zip64End = "zip64 end record"
    /// The record that states the offset of the zip64 end record.
    case zip64Locator = "zip64 locator"
    /// The last record of the archive, which states the offset of the directory.
    case end = "end record"
  }
}

extension ZipError: CustomStringConvertible {
  /// A message of one sentence that begins with the entry and the offset, such as
  /// `entry "x_train.npy", at byte 14: the contents' CRC-32 should be 0x352441C2, found 0x352441C3`.
  public var description: String {
    let place = entry.map { "entry \"\($0.shortenedForDisplay())\", " } ?? ""
    return place + "at byte \(byteOffset): " + problem.complaint
  }
}

extension ZipError.Problem {
  fileprivate var complaint: String {
    switch self {
    case .notZip(let found):
      found.isEmpty
        ? "the file is empty, expected a zip archive"
        : "expected a zip archive, found a file that begins with \(found.prefix(4).hexadecimal)"
          + (found.looksLikeMarkup ? ", which looks like an HTML page" : "")
    case .endMissing(let found):
      "expected the end record of a zip archive, found the end of the file after \(found) bytes; "
        + "the file is probably cut off"
    case .cut(let part, let expected, let found):
      "the \(part.rawValue) should end at byte \(expected), found that its space ends at byte \(found)"
    case .signature(let part, let expected, let found):
      "the \(part.rawValue) should begin with 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .field(let name, let expected, let found):
      "the \(name) should be \(expected), found \(found)"
    case .overflow(let field, let found):
      "the \(field) should be less than the directory's offset, found \(found)"
    case .directoryTooLarge(let maximumByteCount, let found):
      "the central directory has \(found) bytes, expected at most the \(maximumByteCount) allowed"
    case .extraField:
      "an extra field is shorter than its stated length, or a number for zip64 is missing"
    case .invalidName(let reason):
      "the name is invalid: it \(reason)"
    case .duplicateName:
      "expected every name once, found two entries with this name"
    case .encrypted:
      "the contents are encrypted, which is not supported"
    case .unknownFlags(let found):
      "unknown flags are set in 0x\(found.hexadecimal)"
    case .unknownMethod(let found):
      "unknown compression method \(found), expected 0 (stored) or 8 (deflated)"
    case .impossibleLength(let compressedByteCount, let found):
      "\(compressedByteCount) bytes of compressed data cannot unpack to the stated \(found) bytes"
    case .invalidData(let reason):
      "the compressed data is damaged (\(reason))"
    case .dataCut:
      "expected more compressed data, found the end of the entry's data"
    case .trailingData(let count):
      "expected \(count) more bytes of compressed data, found the end of the deflate data"
    case .checksum(let expected, let found):
      "the contents' CRC-32 should be 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .length(let expected, let found):
      "the contents should have \(expected) bytes, found " + (found > expected ? "at least " : "") + "\(found)"
    case .tooLarge(let maximumByteCount, let found):
      "the contents have \(found) bytes, expected at most the \(maximumByteCount) allowed"
    }
  }
}
