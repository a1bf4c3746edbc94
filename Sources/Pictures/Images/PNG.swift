private import CPNG
private import CZlib
public import Memory

/// Pictures as PNG files' bytes, and back.
///
/// ```swift
/// let bytes = try PNG.encode(image)
/// let same = try PNG.decode(bytes)
/// ```
///
/// Source: Portable Network Graphics (PNG) Specification, W3C; written by ``PNGEncoder``, read by libpng.
public enum PNG {
  /// The longest side, in pixels, that is written or read: libpng's own limit.
  public static let maximumSide = 1_000_000

  /// The most pixels that are written, and read unless another limit is given: 2^28, a quarter of a gigabyte.
  public static let maximumPixelCount = 1 << 28

  /// The eight bytes that every PNG file starts with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Returns whether bytes begin with PNG's signature. What follows it is not checked.
  public static func isPNG(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: signature) }

  /// A picture as the bytes of a PNG file, in 8-bit grey, not interlaced.
  ///
  /// The same picture gives the same bytes: the file holds no time and no text. (Another release of zlib may compress
  /// to other bytes, of the same picture.) For many pictures ``PNGEncoder`` is faster.
  ///
  /// - Throws: ``PNGError/emptyImage(width:height:)`` for a picture without pixels, and
  ///   ``PNGError/tooLarge(width:height:maximumSide:maximumPixelCount:)`` above ``maximumSide`` or
  ///   ``maximumPixelCount``.
  /// - Complexity: O(width * height).
  public static func encode(_ image: GreyscaleImage) throws(PNGError) -> [UInt8] {
    // Unfiltered rows and a quick compression: for digits and sheets of them this is both faster and smaller.
    try PNGEncoder(compressionLevel: 3).encode(image)
  }

  /// The picture in a PNG file, as 8-bit greys.
  ///
  /// Greys of 8 bits and fewer come out exactly, fewer bits spread over 0...255, interlaced or not. What is not such a
  /// picture is turned into one: colours (direct or by palette) into the grey of equal luminance, 16 bits into 8 by
  /// rounding, transparency by laying the picture on white, and a gamma other than sRGB's into sRGB. libpng does this
  /// by the power 2.2 in 8-bit steps, which can be some greys beside sRGB's own curve where it is dark.
  ///
  /// Every chunk up to the end of the picture has to be whole and match its checksum. Bytes after that are ignored.
  ///
  /// - Parameters:
  ///   - bytes: A whole file.
  ///   - maximumPixelCount: The most pixels to read. It is checked, like everything else the header says, before
  ///     memory is taken.
  /// - Throws: ``PNGError`` for what is not PNG, damaged, cut off or too large.
  /// - Complexity: O(bytes.count + width * height).
  public static func decode(
    _ bytes: [UInt8], maximumPixelCount: Int = PNG.maximumPixelCount
  ) throws(PNGError) -> GreyscaleImage {
    try checkStructure(of: bytes, maximumPixelCount: maximumPixelCount)
    var control = png_image()
    control.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    var failed = false
    let pixels = bytes.withUnsafeBytes { source -> [UInt8] in
      guard png_image_begin_read_from_memory(&control, source.baseAddress, source.count) != 0 else {
        failed = true
        return []
      }
      control.format = UInt32(PNG_FORMAT_GRAY)
      // Without it, 16-bit greys are taken as linear light, which hardly any program means when it writes them.
      control.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      var white = png_color(red: 255, green: 255, blue: 255)
      let pixelCount = Int(control.width) * Int(control.height)
      return [UInt8](unsafeUninitializedCapacity: pixelCount) { target, count in
        failed = png_image_finish_read(&control, &white, target.baseAddress, 0, nil) == 0
        count = failed ? 0 : pixelCount
      }
    }
    guard !failed else {
      throw .refused(
        reason: withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return GreyscaleImage(width: Int(control.width), height: Int(control.height), pixels: pixels)
  }

  static func checkSize(width: Int, height: Int, maximumPixelCount: Int) throws(PNGError) {
    guard width > 0, height > 0 else { throw .emptyImage(width: width, height: height) }
    // The sides are checked first, so that their product cannot overflow.
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixelCount else {
      throw .tooLarge(width: width, height: height, maximumSide: maximumSide, maximumPixelCount: maximumPixelCount)
    }
  }
}

extension PNG {
  /// The most bytes in all chunks without pixels together: 16 MiB, several times what a profile of colours, a preview and a
  /// camera's notes take. libpng copies every text twice.
  static let maximumOtherByteCount = 1 << 24

  /// Walks a file's chunks from the signature to IEND before libpng sees it, so that damage is known by its place, and
  /// nothing is allocated by a size that the header only claims.
  static func checkStructure(of bytes: [UInt8], maximumPixelCount: Int) throws(PNGError) {
    guard bytes.starts(with: signature) else {
      guard !bytes.isEmpty, signature.starts(with: bytes) else { throw .notPNG(found: Array(bytes.prefix(8))) }
      throw .endsEarly(expectedByteCount: signature.count, foundByteCount: bytes.count)
    }
    var offset = signature.count
    var header: Header?
    var compressedByteCount = 0
    var otherByteCount = 0
    while true {
      let chunk = try Chunk(in: bytes, at: offset)
      if header == nil {
        guard chunk.type == "IHDR", chunk.length == 13 else {
          throw .unexpectedChunk(
            offset: offset, expected: "the chunk IHDR of 13 bytes", found: "\(chunk.type) of \(chunk.length)")
        }
        let found = Header(in: bytes, at: chunk.contentOffset)
        try checkSize(width: found.width, height: found.height, maximumPixelCount: maximumPixelCount)
        header = found
      }
      if chunk.type == "IDAT" { compressedByteCount += chunk.length } else { otherByteCount += chunk.length }
      guard otherByteCount <= maximumOtherByteCount else {
        throw .unexpectedChunk(
          offset: offset, expected: "at most \(maximumOtherByteCount) bytes in all chunks without pixels",
          found: "\(otherByteCount) up to the end of \(chunk.type)")
      }
      offset = chunk.end
      if chunk.type == "IEND" { break }
    }
    guard let header else { return }
    if let error = AvailableMemory.shortage(of: header.width * header.height) { throw .memory(error) }
    // Deflate turns one byte into 1,032 at most.
    if header.uncompressedByteCount > compressedByteCount * 1032 {
      throw .tooLittleData(width: header.width, height: header.height, compressedByteCount: compressedByteCount)
    }
  }

  /// What the check needs of IHDR; the rest of it is libpng's to judge.
  private struct Header {
    let width: Int
    let height: Int
    let uncompressedByteCount: Int

    init(in bytes: [UInt8], at offset: Int) {
      width = Int(bigEndian(bytes, at: offset))
      height = Int(bigEndian(bytes, at: offset + 4))
      let channelCount = [2: 3, 4: 2, 6: 4][bytes[offset + 9]] ?? 1
      let bitsPerPixel = UInt64(bytes[offset + 8]) * UInt64(channelCount)
      // Called before the size is checked: sides of 32 bits could overflow here, and then the size is refused anyway.
      let bits = UInt64(width).multipliedReportingOverflow(by: UInt64(height)).partialValue
        .multipliedReportingOverflow(by: bitsPerPixel).partialValue
      uncompressedByteCount = Int(bits / 8)
    }
  }

  private struct Chunk {
    let type: String
    let length: Int
    let contentOffset: Int
    let end: Int

    init(in bytes: [UInt8], at offset: Int) throws(PNGError) {
      guard bytes.count - offset >= 12 else {
        throw .endsEarly(expectedByteCount: offset + 12, foundByteCount: bytes.count)
      }
      length = Int(bigEndian(bytes, at: offset))
      let typeBytes = bytes[offset + 4..<offset + 8]
      guard typeBytes.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else {
        let found = typeBytes.map { String($0, radix: 16) }.joined(separator: " ")
        throw .unexpectedChunk(offset: offset, expected: "a chunk named by four letters", found: "the bytes \(found)")
      }
      type = String(decoding: typeBytes, as: UTF8.self)
      contentOffset = offset + 8
      end = contentOffset + length + 4
      guard bytes.count >= end else {
        throw .endsEarly(expectedByteCount: end, foundByteCount: bytes.count)
      }
      let stored = bigEndian(bytes, at: end - 4)
      let computed = checksum(of: bytes[offset + 4..<end - 4])
      guard stored == computed else {
        throw .checksumMismatch(chunk: type, offset: offset, expected: stored, found: computed)
      }
    }
  }

  private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// CRC-32 as PNG's specification has it (annex D), the same as zlib's.
  package static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { CZlib_crc32(0, $0.baseAddress, $0.count) }
  }
}

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

  private func hexadecimal(_ bytes: [UInt8], separator: String = " ") -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
  }

  private func hexadecimal(_ number: UInt32) -> String {
    hexadecimal(withUnsafeBytes(of: number.bigEndian, Array.init), separator: "")
  }
}
