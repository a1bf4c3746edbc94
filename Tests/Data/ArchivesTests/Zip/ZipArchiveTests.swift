import Archives
import Foundation
import Testing

@Suite struct ZipArchiveTests {
  @Test(
    "what Python packed is unpacked, whatever records and fields the archive has", arguments: try PythonZip.stored())
  func python(_ golden: PythonZip) throws {
    #expect(try unpacked(golden.bytes) == golden.entries)
  }

  @Test("entries are found by their names, and say what they are")
  func entries() throws {
    let golden = try #require(try PythonZip.stored().first { $0.name.hasPrefix("a folder") })
    let archive = try ZipArchive(golden.bytes)
    #expect(archive.entries.map(\.isFolder) == [true, false, false])
    #expect(archive["a/c"] == archive.entries[2] && archive["a/c"]?.method == .deflated)
    #expect(archive["c"] == nil && archive["a/c"]?.byteCount == 0)
  }

  @Test("a prefix is the contents' beginning, or all of them", arguments: [0, 1, 200, 299, 300, 10_000])
  func prefix(_ byteCount: Int) throws {
    for golden in try PythonZip.stored() {
      let archive = try ZipArchive(golden.bytes)
      for (entry, expected) in zip(archive.entries, golden.entries) {
        #expect(try archive.prefix(of: entry, byteCount: byteCount) == Array(expected.content.prefix(byteCount)))
      }
    }
  }

  @Test("no more of the archive is read than is needed, and in small pieces")
  func reading() throws {
    final class Log { var reads: [Range<Int>] = [] }
    let log = Log()
    let zeros = [UInt8](repeating: 0, count: 3_000_000)
    let bytes = try packed { archive in
      try archive.add("first", compression: .stored, zeros)
      try archive.add("second", Array("abc".utf8))
    }
    let archive = try ZipArchive(byteCount: bytes.count) { offset, count in
      log.reads.append(offset..<(offset + count))
      return Array(bytes[offset..<(offset + count)])
    }
    #expect(log.reads.allSatisfy { $0.lowerBound > 2_900_000 })
    log.reads = []
    #expect(try archive.contents(of: #require(archive["second"]), maximumByteCount: 3) == Array("abc".utf8))
    #expect(log.reads.allSatisfy { $0.lowerBound >= 3_000_000 })
    log.reads = []
    var pieces: [Int] = []
    try archive.extract(#require(archive["first"])) { pieces.append($0.count) }
    #expect(pieces.reduce(0, +) == 3_000_000 && log.reads.allSatisfy { $0.count <= 1 << 16 })
  }

  @Test("what the source or the taker throws ends the unpacking")
  func foreignErrors() throws {
    struct Refusal: Error {}
    let bytes = try packed { try $0.add("a", Array("abc".utf8)) }
    #expect(throws: Refusal.self) { try ZipArchive(byteCount: bytes.count) { _, _ in throw Refusal() } }
    let archive = try ZipArchive(bytes)
    #expect(throws: Refusal.self) { try archive.extract(archive.entries[0]) { _ in throw Refusal() } }
  }

  @Test("a source that becomes shorter is an error")
  func shrinking() throws {
    let bytes = try packed { try $0.add("a", compression: .stored, Array("abc".utf8)) }
    #expect(throws: ZipError.self) {
      try ZipArchive(byteCount: bytes.count) { offset, count in Array(bytes[offset...].prefix(count).dropLast()) }
    }
  }
}
