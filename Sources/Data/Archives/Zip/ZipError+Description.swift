internal import DisplayText

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
        : "this is no zip archive, it begins with \(found.prefix(4).map(hexadecimal).joined(separator: " "))"
          + (looksLikeMarkup(found) ? ", which looks like an HTML page" : "")
    case .endMissing(let found):
      "expected the end record of a zip archive, found the end of the file after \(found) bytes, as if it were cut"
    case .cut(let part, let expected, let found):
      "the \(part.rawValue) should reach to byte \(expected), found place up to byte \(found)"
    case .signature(let part, let expected, let found):
      "the \(part.rawValue) should begin with 0x\(hexadecimal(expected)), found 0x\(hexadecimal(found))"
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
      "unknown flags are set in 0x\(hexadecimal(found))"
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
      "the contents' CRC-32 should be 0x\(hexadecimal(expected)), found 0x\(hexadecimal(found))"
    case .length(let expected, let found):
      "the contents should have \(expected) bytes, found " + (found > expected ? "at least " : "") + "\(found)"
    case .tooLarge(let maximumByteCount, let found):
      "the contents have \(found) bytes, expected at most the \(maximumByteCount) allowed"
    }
  }
}

/// Whether the first visible character is `<`: a server's error page saved under a data file's name.
private func looksLikeMarkup(_ bytes: [UInt8]) -> Bool {
  let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
  return text.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) } == UInt8(ascii: "<")
}

private func hexadecimal(_ value: some FixedWidthInteger) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: value.bitWidth / 4 - digits.count) + digits
}
