import Images
import TestFixtures
import Testing

/// The expected content of a picture file. tools/reference/make_picture_fixtures.py writes the values.
struct StoredPicture: Decodable, CustomTestStringConvertible, Sendable {
  var file: String
  var width: Int
  var height: Int
  var tolerance: Int
  var pixels: [Int]

  var testDescription: String { file }

  static func stored() throws -> [StoredPicture] {
    struct File: Decodable { var pictures: [StoredPicture] }
    return try Fixture("pictures/pictures.json").decode(File.self).pictures
  }
}

/// A chunk of a PNG file, parsed by the tests according to the specification.
struct WrittenChunk {
  var type: String
  var content: [UInt8]
  var checksumMatches: Bool

  static func all(in bytes: [UInt8]) -> [WrittenChunk] {
    var chunks: [WrittenChunk] = []
    var offset = 8
    while offset < bytes.count {
      let length = Int(number(bytes, offset))
      let end = offset + 8 + length
      chunks.append(
        WrittenChunk(
          type: String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self),
          content: Array(bytes[offset + 8..<end]),
          checksumMatches: number(bytes, end) == bitwiseChecksum(bytes[offset + 4..<end])))
      offset = end + 4
    }
    return chunks
  }

  static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Returns the CRC-32 of bytes, computed bit by bit without a table.
  static func bitwiseChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
  }
}

@Suite struct PNGTests {
  static func pattern(width: Int, height: Int) -> GreyscaleImage {
    GreyscaleImage(width: width, height: height, pixels: (0..<width * height).map { UInt8($0 * 37 % 256) })
  }

  @Test(
    "greys are read exactly, and colours, palettes, 16 bits, alpha and gamma are converted to greys",
    arguments: try StoredPicture.stored())
  func decodes(_ stored: StoredPicture) throws {
    let image = try PNG.decode(Fixture("pictures/\(stored.file)").bytes())
    #expect(image.width == stored.width)
    #expect(image.height == stored.height)
    let differences = zip(image.pixels, stored.pixels).map { abs(Int($0) - $1) }
    #expect(image.pixels.count == stored.pixels.count)
    #expect(differences.max() ?? 256 <= stored.tolerance)
  }

  @Test(
    "a picture of any shape is decoded without a change",
    arguments: [(1, 1), (8, 8), (28, 28), (1, 300), (300, 1), (7, 31), (1000, 3)])
  func roundTrip(_ width: Int, _ height: Int) throws {
    let image = Self.pattern(width: width, height: height)
    #expect(try PNG.decode(PNG.encode(image)) == image)
  }

  @Test("a written file has the signature, the exact header, ordered chunks and correct checksums")
  func layout() throws {
    let bytes = try PNG.encode(Self.pattern(width: 0x123, height: 5))
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    let chunks = WrittenChunk.all(in: bytes)
    #expect(chunks.map(\.type) == ["IHDR", "sRGB", "IDAT", "IEND"])
    #expect(!chunks.map(\.checksumMatches).contains(false))
    // The fields: width, height, 8 bits, grey, deflate, standard filters, not interlaced.
    #expect(chunks[0].content == [0, 0, 1, 0x23, 0, 0, 0, 5, 8, 0, 0, 0, 0])
    #expect(chunks[3].content.isEmpty)
  }

  @Test("the same picture gives the same bytes")
  func deterministic() throws {
    let image = Self.pattern(width: 28, height: 28)
    let (first, second) = (try PNG.encode(image), try PNG.encode(image))
    #expect(first == second)
  }

  @Test("a picture that hardly compresses and is larger than a buffer is written completely")
  func noise() throws {
    var state: UInt32 = 1
    let pixels = (0..<300 * 200).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let image = GreyscaleImage(width: 300, height: 200, pixels: pixels)
    #expect(try PNG.decode(PNG.encode(image)) == image)
  }

  @Test("an empty picture is refused", arguments: [(0, 0), (0, 5), (5, 0), (Int.max, 0)])
  func empty(_ width: Int, _ height: Int) {
    let image = GreyscaleImage(width: width, height: height, pixels: [])
    #expect(throws: PNGError.emptyImage(width: width, height: height)) { try PNG.encode(image) }
  }

  @Test("a side above the limit of libpng is refused")
  func tooLong() throws {
    let longest = GreyscaleImage(width: 1_000_000, height: 1, filledWith: 9)
    #expect(try PNG.decode(PNG.encode(longest)) == longest)
    let expected = PNGError.tooLarge(width: 1_000_001, height: 1, maximumSide: 1_000_000, maximumPixelCount: 1 << 28)
    #expect(throws: expected) { try PNG.encode(GreyscaleImage(width: 1_000_001, height: 1, filledWith: 9)) }
  }
}
