internal import DisplayText

/// An error in the bytes of an IDX file, or a request for elements of the wrong type.
public enum IDXError: Error, Equatable, Sendable {
  /// The file does not begin with two zero bytes. `found` holds up to 16 bytes from the beginning of the file.
  case notIDX(found: [UInt8])
  /// The third byte of the file is not the raw value of any ``IDXElementType``.
  case unknownElementType(found: UInt8)
  /// The header declares 0 dimensions.
  case rankZero
  /// The file ends inside the header. The file has `found` bytes and needs at least `expected` bytes.
  case headerCut(expected: Int, found: Int)
  /// The length of the file does not fit in an `Int`. A dimension of 0 counts as 1 in this calculation.
  case overflow(dimensions: [Int])
  /// The file ends inside the elements. The file has `found` bytes and should have `expected` bytes.
  case payloadCut(expected: Int, found: Int)
  /// Bytes follow the elements. The file has `found` bytes and should have `expected` bytes.
  case trailingBytes(expected: Int, found: Int)
  /// The file is valid, but its elements do not have the type that the caller expects.
  case wrongElementType(expected: IDXElementType, found: IDXElementType)

  /// The offset of the error in the file, in bytes. If the file is too short, the offset is the length of the file.
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
  /// A message of one sentence that begins with the offset, such as `at byte 3: the rank is 0, expected from 1 to 255`.
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

/// Returns the likely content of a file that is not an IDX file; nil if the content is not recognised.
///
/// The function recognises two kinds of content: a gzip file that was not unpacked, and an HTML page. The page is
/// usually a server's error page that was saved under the file's name.
private func likeness(of bytes: [UInt8]) -> String? {
  if bytes.starts(with: [0x1F, 0x8B]) { return "a gzip file that was not unpacked" }
  return bytes.looksLikeMarkup ? "an HTML page" : nil
}
