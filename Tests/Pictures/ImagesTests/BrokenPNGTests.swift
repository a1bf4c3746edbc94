import Images
import TestFixtures
import Testing

@Suite struct BrokenPNGTests {
  static let whole = try? PNG.encode(PNGTests.pattern(width: 13, height: 9))

  /// Returns a PNG file of the given chunks, with correct checksums.
  static func file(_ chunks: [(type: String, content: [UInt8])]) -> [UInt8] {
    func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      + chunks.flatMap { chunk in
        let checked = Array(chunk.type.utf8) + chunk.content
        return bytes(UInt32(chunk.content.count)) + checked + bytes(WrittenChunk.bitwiseChecksum(checked))
      }
  }

  static func header(
    width: [UInt8] = [0, 0, 0, 2], height: [UInt8] = [0, 0, 0, 2], bits: UInt8 = 8, color: UInt8 = 0
  ) -> (type: String, content: [UInt8]) {
    ("IHDR", width + height + [bits, color, 0, 0, 0])
  }

  /// The chunk IDAT for two rows of two pixels. Its deflate stream has one stored block.
  static let data: (type: String, content: [UInt8]) = {
    let rows: [UInt8] = [0, 1, 2, 0, 3, 4]
    // Adler-32 has two halves. The low half is 1 plus the sum of the bytes. The high half is the sum of the low half's
    // values after each byte.
    let sums = rows.reduce((low: 1, high: 0)) { ($0.low + Int($1), $0.high + $0.low + Int($1)) }
    return ("IDAT", [0x78, 1, 1, 6, 0, 0xf9, 0xff] + rows + [0, UInt8(sums.high), 0, UInt8(sums.low)])
  }()

  static let end: (type: String, content: [UInt8]) = ("IEND", [])

  @Test("the file that the broken files are made from is valid")
  func sound() throws {
    let image = try PNG.decode(Self.file([Self.header(), Self.data, Self.end]))
    #expect(image == GreyscaleImage(width: 2, height: 2, pixels: [1, 2, 3, 4]))
  }

  @Test("a file cut at any byte is refused, and the error gives the number of bytes found")
  func cut() throws {
    let whole = try #require(Self.whole)
    for count in 1..<whole.count {
      let error = #expect(throws: PNGError.self) { try PNG.decode(Array(whole.prefix(count))) }
      guard case .endsEarly(let expected, let found) = error else {
        Issue.record("cut at \(count): \(String(describing: error))")
        continue
      }
      #expect(found == count && expected > count && expected <= whole.count)
    }
  }

  @Test("every single flipped bit is detected")
  func flipped() throws {
    let whole = try #require(Self.whole)
    for index in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[index] ^= 1 << bit
        #expect(throws: PNGError.self, "bit \(bit) of byte \(index)") { try PNG.decode(damaged) }
      }
    }
  }

  @Test("a file that is not PNG is refused, and the error gives its first bytes")
  func notPNG() {
    #expect(throws: PNGError.notPNG(found: [])) { try PNG.decode([]) }
    #expect(throws: PNGError.notPNG(found: Array("<html>".utf8))) { try PNG.decode(Array("<html>".utf8)) }
    let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]
    #expect(throws: PNGError.notPNG(found: Array(jpeg.prefix(8)))) { try PNG.decode(jpeg) }
  }

  @Test("a size that is too large is refused before memory is allocated")
  func claims() {
    let limit = PNG.maximumPixelCount
    func size(_ width: Int, _ height: Int, _ limit: Int = limit) -> PNGError {
      .tooLarge(width: width, height: height, maximumSide: 1_000_000, maximumPixelCount: limit)
    }
    let most: [UInt8] = [255, 255, 255, 255]
    let cases: [(type: String, content: [UInt8], error: PNGError)] = [
      ("IHDR", Self.header(width: most, height: most).content, size(0xffff_ffff, 0xffff_ffff)),
      ("IHDR", Self.header(width: [0x7f, 255, 255, 255]).content, size(0x7fff_ffff, 2)),
      ("IHDR", Self.header(width: [0, 1, 0, 0], height: [0, 0, 0x10, 1]).content, size(65536, 4097)),
      ("IHDR", Self.header(width: [0, 0, 0, 0]).content, .emptyImage(width: 0, height: 2)),
      ("IHDR", Self.header(height: [0, 0, 0, 0]).content, .emptyImage(width: 2, height: 0)),
      (
        "IHDR", Self.header(width: [0, 0, 0x40, 0], height: [0, 0, 0x40, 0]).content,
        .tooLittleData(width: 16384, height: 16384, compressedByteCount: 17)
      ),
    ]
    for (type, content, error) in cases {
      #expect(throws: error) { try PNG.decode(Self.file([(type, content), Self.data, Self.end])) }
    }
    #expect(throws: size(2, 2, 3)) {
      try PNG.decode(Self.file([Self.header(), Self.data, Self.end]), maximumPixelCount: 3)
    }
  }

  @Test("an unexpected chunk is refused")
  func chunks() {
    #expect(
      throws: PNGError.unexpectedChunk(offset: 8, expected: "the chunk IHDR of 13 bytes", found: "IDAT of 17")
    ) { try PNG.decode(Self.file([Self.data, Self.end])) }
    #expect(
      throws: PNGError.unexpectedChunk(offset: 8, expected: "the chunk IHDR of 13 bytes", found: "IHDR of 12")
    ) { try PNG.decode(Self.file([("IHDR", Array(Self.header().content.dropLast())), Self.data, Self.end])) }
    #expect(
      throws: PNGError.unexpectedChunk(
        offset: 33, expected: "a chunk type of four letters", found: "the bytes 49 44 41 20")
    ) { try PNG.decode(Self.file([Self.header(), ("IDA ", []), Self.end])) }
  }

  @Test("more than 16 MiB in chunks without pixels is refused")
  func otherChunks() {
    let text = ("tEXt", [UInt8](repeating: 65, count: 1 << 23))
    func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
    let checked = Array(text.0.utf8) + text.1
    let chunk = bytes(UInt32(text.1.count)) + checked + bytes(PNG.checksum(of: checked[...]))
    let start = Self.file([Self.header()])
    #expect(
      throws: PNGError.unexpectedChunk(
        offset: start.count + chunk.count, expected: "at most 16777216 bytes in all chunks without pixels",
        found: "16777229 up to the end of tEXt")
    ) { try PNG.decode(start + chunk + chunk) }
  }

  typealias Chunks = [(type: String, content: [UInt8])]

  static let unusable: [(reason: String, chunks: Chunks)] = [
    ("three bits", [header(bits: 3), data, end]),
    ("an unknown kind of colour", [header(color: 5), data, end]),
    ("a palette that is missing", [header(color: 3), data, end]),
    ("an unknown kind of interlacing", [("IHDR", header().content.dropLast() + [9]), data, end]),
    ("two headers", [header(), header(), data, end]),
    ("an unknown critical chunk", [header(), ("CRIT", [1]), data, end]),
    ("data that is not deflated", [header(), ("IDAT", [1, 2, 3]), end]),
    ("too little data", [header(), ("IDAT", Array(data.content.prefix(9))), end]),
  ]

  @Test("contents that libpng cannot use are refused, even if the checksums are correct", arguments: unusable)
  func refused(_ name: String, _ chunks: Chunks) {
    let error = #expect(throws: PNGError.self) { try PNG.decode(Self.file(chunks)) }
    guard case .refused(let reason) = error else {
      Issue.record("\(name): \(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("a file without picture data is refused")
  func noData() {
    #expect(throws: PNGError.tooLittleData(width: 2, height: 2, compressedByteCount: 0)) {
      try PNG.decode(Self.file([Self.header(), Self.end]))
    }
  }

  @Test("bytes after the end are ignored")
  func trailing() throws {
    let bytes = Self.file([Self.header(), Self.data, Self.end])
    #expect(try PNG.decode(bytes + [1, 2, 3]) == PNG.decode(bytes))
  }

  @Test("the description of an error gives the evidence in one sentence")
  func sentences() {
    let errors: [(PNGError, String)] = [
      (.emptyImage(width: 0, height: 3), "a picture of 0 by 3 pixels is empty, which PNG does not allow"),
      (
        .notPNG(found: [0x1f, 0x8b]),
        "not a PNG file: it starts with the bytes 1f 8b instead of 89 50 4e 47 0d 0a 1a 0a"
      ),
      (
        .endsEarly(expectedByteCount: 45, foundByteCount: 20),
        "the PNG file ends early: expected at least 45 bytes, found 20"
      ),
      (
        .checksumMismatch(chunk: "IDAT", offset: 41, expected: 10, found: 0xdead_beef),
        "the PNG file is damaged: the chunk IDAT at byte 41 has a wrong checksum: expected 0000000a, found deadbeef"
      ),
    ]
    for (error, sentence) in errors { #expect(error.description == sentence) }
  }
}
