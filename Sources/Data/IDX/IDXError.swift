internal import DisplayText

/// Why bytes are not an IDX file, or not one of the kind asked for.
public enum IDXError: Error, Equatable, Sendable {
  /// The file does not begin with two zero bytes; it begins with the bytes found, of which up to 16 are kept.
  case notIDX(found: [UInt8])
  /// The third byte is none of those in ``IDXElementType``.
  case unknownElementType(found: UInt8)
  /// The file says that it has no dimensions.
  case rankZero
  /// The file ends inside the header: it should have at least `expected` bytes, and has `found`.
  case headerCut(expected: Int, found: Int)
  /// The array would have more bytes than can be counted.
  case overflow(dimensions: [Int])
  /// The file ends inside the elements: it should have `expected` bytes, and has `found`.
  case payloadCut(expected: Int, found: Int)
  /// Bytes follow the elements: the file should have `expected` bytes, and has `found`.
  case trailingBytes(expected: Int, found: Int)
  /// The file is sound, but its elements are not of the type that the caller expects.
  case wrongElementType(expected: IDXElementType, found: IDXElementType)

  /// Where in the file the mistake lies, counted from 0; for a cut file its length.
  public var byteOffset: Int {
    switch self {
    case .notIDX: 0
    case .unknownElementType, .wrongElementType: 2
    case .rankZero: 3
    case .overflow: 4
    case .headerCut(_, let found), .payloadCut(_, let found): found
    case .trailingBytes(let expected, _): expected
    }
  }
}

extension IDXError: CustomStringConvertible {
  /// One sentence that begins with the place, such as `at byte 3: the rank is 0, expected from 1 to 255`.
  public var description: String {
    "at byte \(byteOffset): \(complaint)"
  }

  private var complaint: String {
    switch self {
    case .notIDX(let found):
      "expected two zero bytes, found \(found.prefix(2).hexadecimal)"
        + (likeness(of: found).map { ", which looks like \($0)" } ?? "")
    case .unknownElementType(let found):
      "unknown element type 0x\(found.hexadecimal), expected one of "
        + IDXElementType.allCases.map { "0x" + $0.rawValue.hexadecimal }.joined(separator: ", ")
    case .rankZero:
      "the rank is 0, expected from 1 to 255"
    case .headerCut(let expected, let found):
      "the file ends inside the header, expected at least \(expected) bytes, found \(found)"
    case .overflow(let dimensions):
      "an array of \(dimensions.prefix(8).map(String.init).joined(separator: " x "))"
        + (dimensions.count > 8 ? " x ..." : "") + " elements is too large to be counted"
    case .payloadCut(let expected, let found):
      "the file ends inside the elements, expected \(expected) bytes, found \(found)"
    case .trailingBytes(let expected, let found):
      "bytes follow the elements, expected the file to have \(expected) bytes, found \(found)"
    case .wrongElementType(let expected, let found):
      "expected elements of type \(expected) (0x\(expected.rawValue.hexadecimal)), "
        + "found \(found) (0x\(found.rawValue.hexadecimal))"
    }
  }
}

/// What is often found in place of an IDX file: one still packed, or a server's error page under the file's name.
private func likeness(of bytes: [UInt8]) -> String? {
  if bytes.starts(with: [0x1F, 0x8B]) { return "a gzip file still to be unpacked" }
  return bytes.looksLikeMarkup ? "an HTML page" : nil
}
