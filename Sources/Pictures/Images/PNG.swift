private import CPNG
private import CZlib
public import Memory

/// A writer and reader of pictures in the PNG format.
///
/// ```swift
/// let bytes = try PNG.encode(image)
/// let same = try PNG.decode(bytes)
/// ```
///
/// ``PNGEncoder`` writes the files and libpng reads them.
///
/// Source: Portable Network Graphics (PNG) Specification, W3C.
public enum PNG {
  /// The longest side that can be written or read, in pixels. libpng sets this limit.
  public static let maximumSide = 1_000_000

  /// The largest number of pixels that can be written: 2^28, which take 256 MiB. It is also the default limit for
  /// reading.
  public static let maximumPixelCount = 1 << 28

  /// The first eight bytes of every PNG file.
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Returns whether bytes begin with the PNG signature. The bytes after the signature are not checked.
  public static func isPNG(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: signature) }

  /// Returns a picture as a PNG file. The file has 8-bit greys and is not interlaced.
  ///
  /// The same picture gives the same bytes, because the file contains no time and no text. With another release of
  /// zlib, the bytes may differ. For many pictures, ``PNGEncoder`` is faster.
  ///
  /// - Throws: ``PNGError/emptyImage(width:height:)`` if the picture has no pixels.
  ///   ``PNGError/tooLarge(width:height:maximumSide:maximumPixelCount:)`` if the picture exceeds ``maximumSide`` or
  ///   ``maximumPixelCount``.
  /// - Complexity: O(width * height).
  public static func encode(_ image: GreyscaleImage) throws(PNGError) -> [UInt8] {
    // For digits and contact sheets, unfiltered rows with fast compression give smaller files in less time.
    try PNGEncoder(compressionLevel: 3).encode(image)
  }

  /// Reads the picture in a PNG file as 8-bit greys.
  ///
  /// Greys of up to 8 bits are read exactly. Greys of fewer than 8 bits are stretched to 0...255. Other pictures are
  /// converted:
  ///
  /// - Colours become the grey of equal luminance. They may come from a palette.
  /// - Values of 16 bits are rounded to 8 bits.
  /// - Transparent pixels are drawn on white.
  /// - A gamma other than that of sRGB is converted to sRGB. libpng approximates the sRGB curve by the power 2.2 in
  ///   8-bit steps. Dark greys can therefore be wrong by a few values.
  ///
  /// Every chunk up to the end of the picture must be complete and match its checksum. Bytes after the picture are
  /// ignored.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of a complete PNG file.
  ///   - maximumPixelCount: The largest number of pixels to read. The number in the header is checked before memory is
  ///     allocated.
  /// - Throws: ``PNGError`` if the bytes are not PNG, or if the file is damaged, cut off or too large.
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
      // Without this flag, libpng treats 16-bit greys as linear light, but hardly any program writes linear light.
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
  /// The largest number of bytes in all chunks without pixels together: 16 MiB.
  ///
  /// A colour profile, a preview and a camera's notes need only a fraction of this limit. The limit is needed because
  /// libpng copies every text twice.
  static let maximumOtherByteCount = 1 << 24

  /// Checks the chunks of a file from the signature to IEND before libpng reads the file.
  ///
  /// The errors of this check give the position of the damage. If the header claims a false size, the check fails
  /// before memory is allocated for this size.
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
    // One byte of a deflate stream expands to at most 1,032 bytes.
    if header.uncompressedByteCount > compressedByteCount * 1032 {
      throw .tooLittleData(width: header.width, height: header.height, compressedByteCount: compressedByteCount)
    }
  }

  /// The fields of the chunk IHDR that ``checkStructure(of:maximumPixelCount:)`` needs. libpng checks the other fields.
  private struct Header {
    let width: Int
    let height: Int
    let uncompressedByteCount: Int

    init(in bytes: [UInt8], at offset: Int) {
      width = Int(bigEndian(bytes, at: offset))
      height = Int(bigEndian(bytes, at: offset + 4))
      let channelCount = [2: 3, 4: 2, 6: 4][bytes[offset + 9]] ?? 1
      let bitsPerPixel = UInt64(bytes[offset + 8]) * UInt64(channelCount)
      // The sides are not checked yet, so the product may overflow. If it overflows, `checkSize` rejects the picture
      // later.
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
        throw .unexpectedChunk(offset: offset, expected: "a chunk type of four letters", found: "the bytes \(found)")
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

  /// Returns the CRC-32 of the PNG specification (annex D). zlib uses the same checksum.
  package static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { CZlib_crc32(0, $0.baseAddress, $0.count) }
  }
}

/// The reason why a picture could not be written as PNG, or why bytes could not be read as PNG.
public enum PNGError: Error, Equatable, Sendable {
  /// The picture has no pixels. PNG cannot store an empty picture.
  case emptyImage(width: Int, height: Int)

  /// A side is too long, or the picture has too many pixels.
  case tooLarge(width: Int, height: Int, maximumSide: Int, maximumPixelCount: Int)

  /// The bytes do not start with the PNG signature. `found` contains at most the first eight bytes.
  case notPNG(found: [UInt8])

  /// The file ends before its last chunk is complete.
  case endsEarly(expectedByteCount: Int, foundByteCount: Int)

  /// The chunk at `offset` is not the expected chunk, or its length is wrong.
  case unexpectedChunk(offset: Int, expected: String, found: String)

  /// The content of a chunk does not match its checksum.
  case checksumMismatch(chunk: String, offset: Int, expected: UInt32, found: UInt32)

  /// The compressed data is too short for the size that the header declares.
  case tooLittleData(width: Int, height: Int, compressedByteCount: Int)

  /// libpng rejected the file. `reason` is the message of libpng.
  case refused(reason: String)

  /// The picture needs more memory than is available.
  case memory(MemoryError)
}

extension PNGError: CustomStringConvertible {
  /// The error message: one plain sentence that does not name the file.
  public var description: String {
    switch self {
    case .emptyImage(let width, let height):
      "a picture of \(width) by \(height) pixels is empty, which PNG does not allow"
    case .tooLarge(let width, let height, let maximumSide, let maximumPixelCount):
      "a picture of \(width) by \(height) pixels is too large: "
        + "each side may have at most \(maximumSide) pixels, and the picture at most \(maximumPixelCount)"
    case .notPNG(let found) where found.isEmpty:
      "not a PNG file: it is empty"
    case .notPNG(let found):
      "not a PNG file: it starts with the bytes \(hexadecimal(found)) instead of \(hexadecimal(PNG.signature))"
    case .endsEarly(let expected, let found):
      "the PNG file ends early: expected at least \(expected) bytes, found \(found)"
    case .unexpectedChunk(let offset, let expected, let found):
      "the PNG file is damaged at byte \(offset): expected \(expected), found \(found)"
    case .checksumMismatch(let chunk, let offset, let expected, let found):
      "the PNG file is damaged: the chunk \(chunk) at byte \(offset) has a wrong checksum: expected "
        + "\(hexadecimal(expected)), found \(hexadecimal(found))"
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
