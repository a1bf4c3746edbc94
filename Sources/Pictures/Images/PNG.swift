import CPNG

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
    var control = makeControl()
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
    guard !failed else { throw .refused(reason: message(of: control)) }
    return GreyscaleImage(width: Int(control.width), height: Int(control.height), pixels: pixels)
  }

  static func checkSize(width: Int, height: Int, maximumPixelCount: Int) throws(PNGError) {
    guard width > 0, height > 0 else { throw .emptyImage(width: width, height: height) }
    // The sides are checked first, so that their product cannot overflow.
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixelCount else {
      throw .tooLarge(width: width, height: height, maximumSide: maximumSide, maximumPixelCount: maximumPixelCount)
    }
  }

  private static func makeControl() -> png_image {
    var control = png_image()
    control.version = UInt32(PNG_IMAGE_VERSION)
    control.format = UInt32(PNG_FORMAT_GRAY)
    return control
  }

  private static func message(of control: png_image) -> String {
    withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
