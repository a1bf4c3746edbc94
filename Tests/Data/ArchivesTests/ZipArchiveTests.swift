import Archives
import Foundation
import RandomSources
import TestFixtures
import Testing

@Suite struct ZipArchiveTests {
  @Test(
    "archives written by Python are unpacked, with all kinds of records and fields", arguments: try PythonZip.stored())
  func python(_ golden: PythonZip) throws {
    #expect(try unpacked(golden.bytes) == golden.entries)
  }

  @Test("entries are found by name, with their method and size")
  func entries() throws {
    let golden = try #require(try PythonZip.stored().first { $0.name.hasPrefix("a folder") })
    let archive = try ZipArchive(golden.bytes)
    #expect(archive.entries.map { $0.name.hasSuffix("/") } == [true, false, false])
    #expect(archive["a/c"] == archive.entries[2] && archive["a/c"]?.method == .deflated)
    #expect(archive["c"] == nil && archive["a/c"]?.byteCount == 0)
  }

  @Test("a prefix holds the first bytes of the contents, or all of them", arguments: [0, 1, 200, 299, 300, 10_000])
  func prefix(_ byteCount: Int) throws {
    for golden in try PythonZip.stored() {
      let archive = try ZipArchive(golden.bytes)
      for (entry, expected) in zip(archive.entries, golden.entries) {
        #expect(try archive.prefix(of: entry, byteCount: byteCount) == Array(expected.content.prefix(byteCount)))
      }
    }
  }

  @Test("only the needed bytes of an archive are read, in small pieces")
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

  @Test("an error thrown by either closure ends the unpacking and reaches the caller")
  func foreignErrors() throws {
    struct Refusal: Error {}
    let bytes = try packed { try $0.add("a", Array("abc".utf8)) }
    #expect(throws: Refusal.self) { try ZipArchive(byteCount: bytes.count) { _, _ in throw Refusal() } }
    let archive = try ZipArchive(bytes)
    #expect(throws: Refusal.self) { try archive.extract(archive.entries[0]) { _ in throw Refusal() } }
  }

  @Test("an archive that has become shorter since it was opened is an error")
  func shrinking() throws {
    let bytes = try packed { try $0.add("a", compression: .stored, Array("abc".utf8)) }
    #expect(throws: ZipError.self) {
      try ZipArchive(byteCount: bytes.count) { offset, count in Array(bytes[offset...].prefix(count).dropLast()) }
    }
  }
}

@Suite struct ZipDamageTests {
  @Test("an archive cut off at any byte is an error", arguments: try PythonZip.stored())
  func cuts(_ golden: PythonZip) {
    for count in 0..<golden.bytes.count {
      #expect(throws: ZipError.self, "\(count) bytes") { try unpacked(Array(golden.bytes.prefix(count))) }
    }
  }

  @Test(
    "a flipped bit gives an error or the same contents, never different contents", arguments: try PythonZip.stored())
  func flippedBits(_ golden: PythonZip) throws {
    let bytes = golden.bytes
    var refused = 0
    for bit in 0..<(bytes.count * 8) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      do {
        let entries = try unpacked(damaged)
        #expect(entries == golden.entries, "bit \(bit % 8) of byte \(bit / 8)")
      } catch let error as ZipError {
        refused += 1
        #expect((0...bytes.count).contains(error.byteOffset) && !error.description.contains("\n"))
      }
    }
    // A flipped bit must give an error at least in each entry's two names, four sizes, checksum, offset and two
    // methods.
    #expect(refused >= 16 * 8 + golden.entries.count * 200)
  }

  @Test("random damage gives an error or the same contents")
  func mutations() throws {
    let goldens = try PythonZip.stored().filter { !$0.entries.isEmpty }
    var source = SplittableRandomSource(seed: 1989)
    var (refused, unharmed) = (0, 0)
    for round in 0..<6000 {
      let golden = goldens[round % goldens.count]
      var damaged = golden.bytes
      for _ in 0...source.integer(through: 2) {
        // About half of the changes are in the directory, because most checks are for the directory.
        let reach = source.integer(through: 1) == 0 ? min(160, damaged.count - 1) : damaged.count - 1
        let place = damaged.count - 1 - Int(source.integer(through: UInt64(reach)))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 3) {
        case 0: damaged[place] = byte
        case 1: damaged.insert(byte, at: place)
        case 2: damaged.remove(at: place)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do {
        let entries = try unpacked(damaged)
        #expect(entries == golden.entries, "round \(round), \(golden.name)")
        unharmed += 1
      } catch let error as ZipError {
        #expect((0...damaged.count).contains(error.byteOffset) && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 3000 && unharmed > 100)
  }
}

/// A zip archive and its expected entries, created by tools/reference/make_archive_fixtures.py.
struct PythonZip: Decodable, CustomTestStringConvertible, Sendable {
  struct Entry: Decodable, Equatable, Sendable {
    var name: String
    var method: UInt16
    var content: Data
  }

  var name: String
  var file: Data
  var entries: [Entry]

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }

  static func stored() throws -> [PythonZip] {
    try Fixture("archives/zip.json").decode()
  }
}

/// Unpacks all entries of an archive.
func unpacked(_ bytes: [UInt8]) throws -> [PythonZip.Entry] {
  let archive = try ZipArchive(bytes)
  return try archive.entries.map { entry in
    let content = try archive.contents(of: entry, maximumByteCount: 1 << 20)
    return PythonZip.Entry(name: entry.name, method: entry.method.rawValue, content: Data(content))
  }
}

/// Returns the bytes of an archive with the entries that `body` adds.
func packed(_ body: (ZipWriter) throws -> Void) rethrows -> [UInt8] {
  try packed(limits: Zip64Limits(), body)
}

func packed(limits: Zip64Limits, _ body: (ZipWriter) throws -> Void) rethrows -> [UInt8] {
  final class Memory { var bytes: [UInt8] = [] }
  let memory = Memory()
  let archive = ZipWriter(limits: limits) { memory.bytes.append(contentsOf: $0) }
  try body(archive)
  do { try archive.finish() } catch { Issue.record("writing to memory must not fail") }
  return memory.bytes
}
