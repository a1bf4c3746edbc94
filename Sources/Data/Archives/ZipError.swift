internal import DisplayText

/// Why bytes are not a zip archive, or not one that may be unpacked.
public struct ZipError: Error, Equatable, Sendable {
  /// The entry's name, where the mistake lies in one and the name could be read.
  public let entry: String?
  /// Where in the archive the mistake lies, counted from 0.
  public let byteOffset: Int
  /// What is wrong.
  public let problem: Problem

  init(_ problem: Problem, at byteOffset: Int, entry: String? = nil) {
    self.problem = problem
    self.byteOffset = byteOffset
    self.entry = entry
  }

  /// What can be wrong.
  public enum Problem: Equatable, Sendable {
    /// The end record is missing, and the file does not begin as an archive either, but with the bytes found.
    case notZip(found: [UInt8])
    /// The end record is missing; the file begins as an archive does, and has `found` bytes.
    case endMissing(found: Int)
    /// A part does not fit into what is there: it would reach to the byte `expected`, and can reach to `found`.
    case cut(part: Part, expected: Int, found: Int)
    /// A part does not begin with its signature.
    case signature(part: Part, expected: UInt32, found: UInt32)
    /// A field contradicts what is known from elsewhere.
    case field(name: String, expected: UInt64, found: UInt64)
    /// A number is larger than any file can be.
    case overflow(field: String, found: UInt64)
    /// The directory is larger than the caller allows.
    case directoryTooLarge(maximumByteCount: Int, found: Int)
    /// An extra field reaches beyond all extra fields, or a zip64 field lacks a number.
    case extraField
    /// The name is no path inside a folder, or no text at all.
    case invalidName(reason: String)
    /// Two entries have the same name.
    case duplicateName
    /// The contents are encrypted.
    case encrypted
    /// Flags are set that change the format in ways unknown.
    case unknownFlags(found: UInt16)
    /// The packing method is neither 0 nor 8.
    case unknownMethod(found: UInt16)
    /// More contents are declared than deflate data of such a length can hold.
    case impossibleLength(compressedByteCount: Int, found: UInt64)
    /// The compressed data breaks deflate's rules, in zlib's words.
    case invalidData(reason: String)
    /// The compressed data goes on at the end of its place.
    case dataCut
    /// The compressed data ends before the end of its place.
    case trailingData(count: Int)
    /// The contents have another CRC-32: `expected` is what is stored, `found` theirs.
    case checksum(expected: UInt32, found: UInt32)
    /// The contents have another length than is stored; `found` is what was counted when it was seen.
    case length(expected: Int, found: Int)
    /// The contents are longer than the caller allows.
    case tooLarge(maximumByteCount: Int, found: Int)
  }

  /// A part of an archive.
  public enum Part: String, Sendable {
    /// What stands before an entry's data.
    case localHeader = "local header"
    /// The packed contents.
    case data = "data"
    /// What stands after the data of an entry whose local header does not know its length.
    case dataDescriptor = "data descriptor"
    /// The list of entries.
    case directory = "central directory"
    /// One of the list.
    case directoryEntry = "directory entry"
    /// The end record for large archives.
    case zip64End = "zip64 end record"
    /// What leads to that.
    case zip64Locator = "zip64 locator"
    /// The last of all.
    case end = "end record"
  }
}

extension ZipError: CustomStringConvertible {
  /// One sentence that begins with the place, such as
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
        : "this is no zip archive, it begins with \(found.prefix(4).hexadecimal)"
          + (found.looksLikeMarkup ? ", which looks like an HTML page" : "")
    case .endMissing(let found):
      "expected the end record of a zip archive, found the end of the file after \(found) bytes, as if it were cut"
    case .cut(let part, let expected, let found):
      "the \(part.rawValue) should reach to byte \(expected), found place up to byte \(found)"
    case .signature(let part, let expected, let found):
      "the \(part.rawValue) should begin with 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .field(let name, let expected, let found):
      "the \(name) should be \(expected), found \(found)"
    case .overflow(let field, let found):
      "the \(field) should fit in a file, found \(found)"
    case .directoryTooLarge(let maximumByteCount, let found):
      "the central directory has \(found) bytes, expected at most the \(maximumByteCount) allowed"
    case .extraField:
      "an extra field does not have the length that it says"
    case .invalidName(let reason):
      "expected the name to be a path inside the archive, found that it \(reason)"
    case .duplicateName:
      "expected the name once, found it on two entries"
    case .encrypted:
      "the contents are encrypted, which is not supported"
    case .unknownFlags(let found):
      "unknown flags are set in 0x\(found.hexadecimal)"
    case .unknownMethod(let found):
      "unknown compression method \(found), expected 0 (stored) or 8 (deflated)"
    case .impossibleLength(let compressedByteCount, let found):
      "\(compressedByteCount) bytes of data cannot hold the \(found) bytes declared"
    case .invalidData(let reason):
      "the compressed data is damaged (\(reason))"
    case .dataCut:
      "the compressed data should go on, found the end of its place"
    case .trailingData(let count):
      "the compressed data ends here, expected it to go on for \(count) bytes"
    case .checksum(let expected, let found):
      "the contents' CRC-32 should be 0x\(expected.hexadecimal), found 0x\(found.hexadecimal)"
    case .length(let expected, let found):
      "the contents should have \(expected) bytes, found " + (found > expected ? "at least " : "") + "\(found)"
    case .tooLarge(let maximumByteCount, let found):
      "the contents have \(found) bytes, expected at most the \(maximumByteCount) allowed"
    }
  }
}
