import Archives
import Testing

@Suite struct InflateStreamTests {
  /// Unpacks data that is given in pieces of a size.
  static func unpack(
    _ packed: [UInt8], pieceByteCount: Int, with stream: InflateStream = InflateStream()
  ) -> (contents: [UInt8], consumedByteCount: Int, status: InflateStream.Status) {
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

  /// "abc" in a stored block.
  static let abc: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63]

  @Test("the data's end is told, and what follows it is left", arguments: [1, 2, 5, 100])
  func end(_ pieceByteCount: Int) {
    let unpacked = Self.unpack(Self.abc + [9, 9], pieceByteCount: pieceByteCount)
    #expect(unpacked == (Array("abc".utf8), 8, .finished))
  }

  @Test("data that is cut anywhere needs input", arguments: 0..<8)
  func cut(_ count: Int) {
    let unpacked = Self.unpack(Array(Self.abc.prefix(count)), pieceByteCount: 100)
    #expect(unpacked.status == .needsInput && unpacked.consumedByteCount == count)
  }

  @Test("damaged data is told with the reason, and another beginning goes well")
  func damaged() {
    let stream = InflateStream()
    #expect(Self.unpack([7], pieceByteCount: 1, with: stream).status == .damaged(reason: "invalid block type"))
    stream.restart()
    #expect(Self.unpack(Self.abc, pieceByteCount: 3, with: stream).contents == Array("abc".utf8))
  }
}
