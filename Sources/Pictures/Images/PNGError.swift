public import Memory

/// Why a picture could not be written as PNG, or bytes not be read as one.
public enum PNGError: Error, Equatable, Sendable {
  /// The picture has no pixels, which PNG has no way to say.
  case emptyImage(width: Int, height: Int)

  /// A side is longer, or the pixels are more, than is written or read.
  case tooLarge(width: Int, height: Int, maximumSide: Int, maximumPixelCount: Int)

  /// The bytes do not start with the eight that every PNG file starts with; these are the first of them.
  case notPNG(found: [UInt8])

  /// The bytes end within the file's structure.
  case endsEarly(expectedByteCount: Int, foundByteCount: Int)

  /// A chunk other than the one that has to stand at this offset, or one of another length.
  case unexpectedChunk(offset: Int, expected: String, found: String)

  /// A chunk's content does not match its checksum.
  case checksumMismatch(chunk: String, offset: Int, expected: UInt32, found: UInt32)

  /// The compressed data is too short to hold the picture the header declares.
  case tooLittleData(width: Int, height: Int, compressedByteCount: Int)

  /// libpng's own reason, where nothing more exact is known.
  case refused(reason: String)

  /// The picture needs more memory than there is.
  case memory(MemoryError)
}

extension PNGError: CustomStringConvertible {
  /// One plain sentence, without the file's name.
  public var description: String {
    switch self {
    case .emptyImage(let width, let height):
      "a picture of \(width) by \(height) pixels is empty, which PNG does not allow"
    case .tooLarge(let width, let height, let maximumSide, let maximumPixelCount):
      "a picture of \(width) by \(height) pixels is too large: "
        + "at most \(maximumSide) pixels a side and \(maximumPixelCount) in all are allowed"
    case .notPNG(let found) where found.isEmpty:
      "not a PNG file: it is empty"
    case .notPNG(let found):
      "not a PNG file: it starts with the bytes \(hexadecimal(found)) instead of \(hexadecimal(PNG.signature))"
    case .endsEarly(let expected, let found):
      "the PNG file ends early: at least \(expected) bytes expected, \(found) found"
    case .unexpectedChunk(let offset, let expected, let found):
      "the PNG file is damaged at byte \(offset): \(expected) expected, \(found) found"
    case .checksumMismatch(let chunk, let offset, let expected, let found):
      "the PNG file is damaged: the chunk \(chunk) at byte \(offset) has the checksum \(hexadecimal(found)), "
        + "\(hexadecimal(expected)) expected"
    case .tooLittleData(let width, let height, let count):
      "the PNG file is damaged: \(count) compressed bytes cannot hold the declared \(width) by \(height) pixels"
    case .memory(let error):
      "the picture \(error)"
    case .refused(let reason):
      "not a readable PNG picture: \(reason)"
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
