import Archives
import RandomSources
import Testing

@Suite struct DeflateStreamTests {
  /// Packs contents that are given in pieces of a size.
  static func pack(_ contents: [UInt8], level: Int, pieceByteCount: Int) -> [UInt8] {
    let stream = DeflateStream(level: level)
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
        if step.isFinished { return }
      }
    }
    return packed
  }

  /// Half noise, half repetition, so that neither side of the coder goes in one piece.
  static func contents(_ count: Int, seed: UInt64) -> [UInt8] {
    var source = SplittableRandomSource(seed: seed)
    let noise = (0..<(count / 2)).map { _ in UInt8(source.integer(through: 255)) }
    return noise + [UInt8](repeating: 7, count: count - noise.count)
  }

  @Test("what is packed in pieces of any size is unpacked", arguments: 0...9)
  func roundTrip(_ level: Int) throws {
    for (count, pieceByteCount) in [(0, 1), (1, 1), (3000, 1), (300_000, 1000), (300_000, 299_999), (700_000, .max)] {
      let contents = Self.contents(count, seed: UInt64(level))
      let packed = Self.pack(contents, level: level, pieceByteCount: pieceByteCount)
      let unpacked = InflateStreamTests.unpack(packed, pieceByteCount: pieceByteCount)
      #expect(unpacked.contents == contents && unpacked.status == .finished, "\(count) bytes")
    }
  }
}
