import Archives
import CZlib
import RandomSources
import Testing

@Suite struct DeflateStreamTests {
  /// Packs contents and returns the packed bytes. The stream receives the contents in pieces of the given size.
  static func pack(_ contents: [UInt8], level: Int, pieceByteCount: Int) -> [UInt8] {
    let stream = DeflateStream(.compress(level: level))
    var packed: [UInt8] = []
    contents.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while rest.count > pieceByteCount {
        let step = stream.next(UnsafeRawBufferPointer(rebasing: rest.prefix(pieceByteCount)), isLast: false)
        packed.append(contentsOf: step.output)
        rest = rest.dropFirst(step.consumedByteCount)
      }
      while true {
        let step = stream.next(UnsafeRawBufferPointer(rebasing: rest), isLast: true)
        packed.append(contentsOf: step.output)
        rest = rest.dropFirst(step.consumedByteCount)
        if step.status == .finished { return }
      }
    }
    return packed
  }

  /// Returns random bytes followed by many copies of one byte. The random bytes need several packing steps, and the
  /// copies need several unpacking steps.
  static func contents(_ count: Int, seed: UInt64) -> [UInt8] {
    var source = SplittableRandomSource(seed: seed)
    let noise = (0..<(count / 2)).map { _ in UInt8(source.integer(through: 255)) }
    return noise + [UInt8](repeating: 7, count: count - noise.count)
  }

  @Test("unpacking returns the original contents for pieces of any size", arguments: 0...9)
  func roundTrip(_ level: Int) throws {
    for (count, pieceByteCount) in [(0, 1), (1, 1), (3000, 1), (300_000, 1000), (300_000, 299_999), (700_000, .max)] {
      let contents = Self.contents(count, seed: UInt64(level))
      let packed = Self.pack(contents, level: level, pieceByteCount: pieceByteCount)
      let unpacked = Self.unpack(packed, pieceByteCount: pieceByteCount)
      #expect(unpacked.contents == contents && unpacked.status == .finished, "\(count) bytes")
    }
  }

  /// Unpacks data. The stream receives the data in pieces of the given size.
  static func unpack(
    _ packed: [UInt8], pieceByteCount: Int, with stream: DeflateStream = DeflateStream(.decompress)
  ) -> (contents: [UInt8], consumedByteCount: Int, status: DeflateStream.Status) {
    var contents: [UInt8] = []
    return packed.withUnsafeBytes { bytes in
      var position = 0
      while true {
        let input = bytes[position...].prefix(pieceByteCount)
        let step = stream.next(UnsafeRawBufferPointer(rebasing: input))
        position += step.consumedByteCount
        contents.append(contentsOf: step.output)
        if step.status == .unfinished || step.status == .needsInput && position < bytes.count { continue }
        return (contents, position, step.status)
      }
    }
  }

  /// The text "abc" as deflate data without compression.
  static let abc: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63]

  @Test("unpacking reports the end of the data and does not consume the bytes after it", arguments: [1, 2, 5, 100])
  func end(_ pieceByteCount: Int) {
    let unpacked = Self.unpack(Self.abc + [9, 9], pieceByteCount: pieceByteCount)
    #expect(unpacked == (Array("abc".utf8), 8, .finished))
  }

  @Test("data cut off at any byte needs more input", arguments: 0..<8)
  func cut(_ count: Int) {
    let unpacked = Self.unpack(Array(Self.abc.prefix(count)), pieceByteCount: 100)
    #expect(unpacked.status == .needsInput && unpacked.consumedByteCount == count)
  }

  @Test("damaged data is reported with a reason, and the stream works again after a restart")
  func damaged() {
    let stream = DeflateStream(.decompress)
    #expect(Self.unpack([7], pieceByteCount: 1, with: stream).status == .damaged(reason: "invalid block type"))
    stream.restart()
    #expect(Self.unpack(Self.abc, pieceByteCount: 3, with: stream).contents == Array("abc".utf8))
  }

  @Test("the CRC-32 of 123456789 is the published check value, in one piece and in several")
  func checksum() {
    func sum(_ pieces: [String]) -> UInt32 {
      pieces.reduce(0) { sum, piece in Array(piece.utf8).withUnsafeBytes { CZlib_crc32(sum, $0.baseAddress, $0.count) }
      }
    }
    #expect(sum(["123456789"]) == 0xCBF4_3926 && sum(["1", "", "2345678", "9"]) == 0xCBF4_3926)
  }

  @Test("the CRC-32 of no bytes is 0, and appending no bytes does not change a CRC-32")
  func checksumOfNothing() {
    #expect(CZlib_crc32(0, nil, 0) == 0 && CZlib_crc32(0x1234_5678, nil, 0) == 0x1234_5678)
  }
}
