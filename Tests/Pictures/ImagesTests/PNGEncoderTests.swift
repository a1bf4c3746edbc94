import Foundation
import Images
import TestFixtures
import Testing

@Suite("An encoder of many PNG files")
struct PNGEncoderTests {
  private static let shapes = [
    (1, 1), (8, 8), (28, 28), (7, 5), (1, 300), (300, 1), (64, 64), (1000, 70), (70_000, 3), (1200, 1000),
  ]

  /// Returns a picture that is mostly black like a digit, or a picture of noise, which hardly compresses.
  private static func image(_ width: Int, _ height: Int, isNoise: Bool) -> GreyscaleImage {
    var state = UInt32(width * 31 + height)
    let pixels = (0..<width * height).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return isNoise || state >> 29 == 0 ? UInt8(state >> 16 & 255) : 0
    }
    return GreyscaleImage(width: width, height: height, pixels: pixels)
  }

  @Test("Pictures of any size, in any order and at every level are decoded without a change", arguments: 0...9)
  func roundTrip(_ level: Int) throws {
    let encoder = PNGEncoder(compressionLevel: level)
    for isNoise in [false, true, false] {
      for (width, height) in Self.shapes {
        let image = Self.image(width, height, isNoise: isNoise)
        #expect(try PNG.decode(encoder.encode(image)) == image, "\(width)x\(height)")
      }
    }
  }

  @Test("A picture that is enlarged by the encoder is decoded as the enlarged picture", arguments: [1, 2, 3, 4, 7, 64])
  func enlarged(_ scale: Int) throws {
    let encoder = PNGEncoder(compressionLevel: 3)
    for (width, height) in [(1, 1), (28, 28), (7, 5), (1, 300), (300, 1), (1500, 12)] {
      let image = Self.image(width, height, isNoise: height == 5)
      let bytes = try image.pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
        try encoder.withEncodedBytes(width: width, height: height, pixels: pixels, scale: scale) { Array($0) }
      }
      #expect(try PNG.decode(bytes) == image.scaled(by: scale), "\(width)x\(height)")
      #expect(PNGEncoder.isStart(Array(bytes.prefix(PNGEncoder.startByteCount))))
    }
  }

  @Test("A picture that is too large after its enlargement is refused", arguments: [500_001, Int.max])
  func enlargedTooMuch(_ scale: Int) {
    let pixels: [UInt8] = [1, 2, 3, 4]
    #expect(throws: PNGError.self) {
      try pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
        try PNGEncoder(compressionLevel: 3).withEncodedBytes(width: 2, height: 2, pixels: pixels, scale: scale) { _ in }
      }
    }
  }

  @Test("The bytes of a file do not depend on earlier pictures")
  func independent() throws {
    let encoder = PNGEncoder(compressionLevel: 6)
    for (width, height) in Self.shapes + Self.shapes.reversed() {
      let image = Self.image(width, height, isNoise: false)
      let alone = try PNGEncoder(compressionLevel: 6).encode(image)
      #expect(try encoder.encode(image) == alone, "\(width)x\(height)")
    }
  }

  @Test("A file has ordered chunks, correct checksums, and the smallest window for its picture")
  func layout() throws {
    let bytes = try PNGEncoder(compressionLevel: 9).encode(Self.image(28, 28, isNoise: false))
    let chunks = WrittenChunk.all(in: bytes)
    #expect(chunks.map(\.type) == ["IHDR", "sRGB", "IDAT", "IEND"])
    #expect(!chunks.map(\.checksumMatches).contains(false))
    #expect(chunks[0].content == [0, 0, 0, 28, 0, 0, 0, 28, 8, 0, 0, 0, 0])
    // 28 rows of 29 bytes need a window of 2^11 bytes. The zlib header stores 11 - 8 in its upper four bits.
    #expect(chunks[2].content[0] == 0x38)
    #expect(PNGEncoder.isStart(Array(bytes.prefix(PNGEncoder.startByteCount))))
    #expect(!PNGEncoder.isStart(Array(bytes.prefix(PNGEncoder.startByteCount - 1))))
  }

  @Test("Files of other programs are not recognised as files of the encoder")
  func foreign() throws {
    for stored in try StoredPicture.stored() {
      let start = try Fixture("pictures/\(stored.file)").bytes().prefix(PNGEncoder.startByteCount)
      #expect(!PNGEncoder.isStart(Array(start)), "\(stored.file)")
    }
  }

  @Test("A digit's file does not grow with the level, and level 0 stores the bytes uncompressed")
  func levels() throws {
    let image = Self.image(28, 28, isNoise: false)
    let sizes = try (0...9).map { try PNGEncoder(compressionLevel: $0).encode(image).count }
    #expect(sizes[0] == 8 + 25 + 13 + 12 + (2 + 5 + 28 * 29 + 4) + 12)
    #expect(sizes[1] < sizes[0] / 2 && sizes[6] <= sizes[1] && sizes[9] <= sizes[6], "\(sizes)")
  }

  @Test("Pictures that are empty or too large are refused, and the encoder stays usable")
  func refused() throws {
    let encoder = PNGEncoder(compressionLevel: 1)
    #expect(throws: PNGError.emptyImage(width: 0, height: 5)) {
      try encoder.encode(GreyscaleImage(width: 0, height: 5, pixels: []))
    }
    #expect(throws: PNGError.self) { try encoder.encode(GreyscaleImage(width: 1_000_001, height: 1, filledWith: 9)) }
    let image = Self.image(8, 8, isNoise: true)
    #expect(try PNG.decode(encoder.encode(image)) == image)
  }

  /// A Python script that reads PNG files with Pillow. It prints `sound` if all files are valid.
  private static let reader = """
    import sys
    try:
        from PIL import Image
    except ImportError:
        sys.exit("Pillow is not installed")
    for path in sys.argv[1:]:
        Image.open(path).verify()
        image = Image.open(path)
        assert image.mode == "L" and image.info.get("srgb") == 0
        open(path + ".grey", "wb").write(image.tobytes())
    print("sound")
    """

  @Test("Pillow reads the same pixels")
  func pillow() throws {
    let scratch = try ScratchFolder()
    let images = Self.shapes.map { Self.image($0.0, $0.1, isNoise: false) }
    for (index, image) in images.enumerated() {
      try scratch.write(PNGEncoder(compressionLevel: index).encode(image), to: "\(index).png")
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.reader] + images.indices.map { scratch("\($0).png") }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if complaint.contains("not installed") || complaint.contains("No such file") {
      print("pillow: skipped, because python3 with Pillow is not installed")
      return
    }
    #expect(said == "sound\n", "\(complaint)")
    for (index, image) in images.enumerated() { #expect(try scratch.bytes("\(index).png.grey") == image.pixels) }
  }
}
