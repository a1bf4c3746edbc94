import Archives
import Foundation
import RandomSources
import TestFixtures
import Testing

@Suite struct GzipTests {
  @Test(
    "files packed by Python are unpacked, with any header fields and any number of members",
    arguments: try PythonGzip.stored())
  func python(_ golden: PythonGzip) throws {
    #expect(Gzip.isGzip(golden.file))
    #expect(try Gzip.decompress(golden.file) == golden.content)
  }

  @Test(
    "packing and unpacking gives the same bytes at every level and for contents of any size", arguments: 0...9)
  func roundTrip(_ level: Int) throws {
    var source = NumPyRandomSource(seed: UInt32(level))
    for count in [0, 1, 255, 131_071, 131_072, 131_073, 500_000] {
      // Half of the contents is random, so that packing needs several steps. The other half repeats one byte, so that
      // unpacking needs several steps.
      let noise = (0..<(count / 2)).map { _ in UInt8(truncatingIfNeeded: source.nextWord()) }
      let contents = noise + [UInt8](repeating: 7, count: count - noise.count)
      let packed = Gzip.compress(contents, level: level, fileName: count == 255 ? "name" : nil)
      #expect(try Gzip.decompress(packed) == contents, "\(count) bytes")
    }
  }

  @Test(
    "a prefix holds the first bytes of the contents, or all of them",
    arguments: [0, 1, 100, 131_072, 131_073, 300_000, 400_000])
  func prefix(_ byteCount: Int) throws {
    var source = NumPyRandomSource(seed: 4)
    let contents = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: source.nextWord() & 63) }
    let packed = Gzip.compress(contents)
    #expect(try Gzip.prefix(of: packed, byteCount: byteCount) == Array(contents.prefix(byteCount)))
    #expect(throws: GzipError.notGzip(found: [])) { try Gzip.prefix(of: [], byteCount: byteCount) }
    #expect(throws: GzipError.self) { try Gzip.prefix(of: Array("<html>".utf8), byteCount: byteCount) }
  }

  @Test("a prefix continues through empty and short members")
  func prefixOfMembers() throws {
    let contents = Array("the digits".utf8)
    let packed = Gzip.compress([]) + contents.flatMap { Gzip.compress([$0]) } + Gzip.compress(contents)
    for count in 0...25 {
      #expect(try Gzip.prefix(of: packed, byteCount: count) == Array((contents + contents).prefix(count)))
    }
    // A prefix can be read if the file is cut off after the wanted bytes. A cut before the end of the wanted bytes is
    // an error.
    let half = Array(packed.prefix(packed.count - 5))
    #expect(try Gzip.prefix(of: half, byteCount: 15) == Array((contents + contents).prefix(15)))
    #expect(throws: GzipError.self) { try Gzip.prefix(of: half, byteCount: 25) }
  }

  @Test("contents 500 times as long as the file are unpacked completely")
  func highRatio() throws {
    let zeros = [UInt8](repeating: 0, count: 5_000_000)
    let packed = Gzip.compress(zeros, level: 9)
    #expect(packed.count < 10_000)
    #expect(try Gzip.decompress(packed) == zeros)
  }

  @Test("a packed file states no time and no operating system, and a file name only if the caller gives one")
  func header() {
    let contents = Array("digits".utf8)
    #expect(Gzip.compress(contents).prefix(10) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
    #expect(Gzip.compress(contents, level: 1)[8] == 4)
    #expect(Gzip.compress(contents, level: 9)[8] == 2)
    let named = Gzip.compress(contents, fileName: "a-b")
    #expect(named.prefix(14) == [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 255, 0x61, 0x2D, 0x62, 0])
    #expect(named.dropFirst(14) == Gzip.compress(contents).dropFirst(10))
    #expect(Gzip.compress(contents).suffix(4) == [6, 0, 0, 0])
  }

  @Test("zero bytes after the last member are ignored")
  func padding() throws {
    let golden = try PythonGzip.named("three members, one empty")
    for count in [1, 2, 511] {
      #expect(try Gzip.decompress(golden.file + [UInt8](repeating: 0, count: count)) == golden.content)
    }
  }

  @Test("isGzip needs both bytes of the signature")
  func signature() {
    #expect(Gzip.isGzip([0x1F, 0x8B]))
    #expect(!Gzip.isGzip([0x1F]))
    #expect(!Gzip.isGzip([] as [UInt8]))
    #expect(!Gzip.isGzip([0, 0, 8, 3]))
  }
}

@Suite struct GzipDamageTests {
  @Test("a file cut off at any byte gives an error with the offset", arguments: try PythonGzip.stored())
  func cuts(_ golden: PythonGzip) throws {
    var wholePrefixes = 0
    for count in 0..<golden.file.count {
      do throws(GzipError) {
        // A cut between two members looks like the end of the file.
        let contents = try Gzip.decompress(Array(golden.file.prefix(count)))
        #expect(golden.content.starts(with: contents) && golden.content.count > contents.count)
        wholePrefixes += 1
      } catch {
        if case .cut(_, let expectedAtLeast, let found) = error {
          #expect(found == count && count < expectedAtLeast && expectedAtLeast <= golden.file.count)
        } else {
          // If only the first byte of a member's signature is left, this byte looks like any other trailing byte.
          #expect(error == .notGzip(found: []) || error == .trailingBytes(offset: count - 1, count: 1))
        }
      }
    }
    #expect(wholePrefixes <= (golden.name.hasPrefix("three members") ? 2 : 0))
  }

  @Test(
    "a flipped bit gives an error or the same contents, never different contents", arguments: try PythonGzip.stored())
  func flippedBits(_ golden: PythonGzip) {
    var refused = 0
    for bit in 0..<(golden.file.count * 8) {
      var damaged = golden.file
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard let contents = try? Gzip.decompress(damaged) else {
        refused += 1
        continue
      }
      #expect(contents == golden.content, "bit \(bit % 8) of byte \(bit / 8)")
    }
    // The trailer has 64 bits. A change of any of these bits must give an error.
    #expect(refused > 64)
  }

  @Test("every flipped bit in a header with a checksum is an error")
  func guardedHeader() throws {
    let golden = try PythonGzip.named("text, header checksum")
    for bit in 0..<(12 * 8) {
      var damaged = golden.file
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: GzipError.self, "bit \(bit % 8) of byte \(bit / 8)") { try Gzip.decompress(damaged) }
    }
  }

  @Test("random damage gives an error or the same contents, never different contents")
  func mutations() throws {
    let goldens = try PythonGzip.stored()
    var source = NumPyRandomSource(seed: 1952)
    var (refused, unharmed) = (0, 0)
    for round in 0..<4000 {
      let golden = goldens[round % goldens.count]
      var damaged = golden.file
      for _ in 0...source.integer(through: 3) {
        // About half of the changes are in the header, because most checks are for the header.
        let reach = source.integer(through: 1) == 0 ? min(24, damaged.count - 1) : damaged.count - 1
        let place = Int(source.integer(through: UInt64(reach)))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 3) {
        case 0: damaged[place] = byte
        case 1: damaged.insert(byte, at: place)
        case 2: damaged.remove(at: place)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do throws(GzipError) {
        let contents = try Gzip.decompress(damaged, maximumByteCount: 100_000)
        #expect(golden.content == contents, "round \(round), \(golden.name)")
        unharmed += 1
      } catch {
        #expect((0...damaged.count).contains(error.byteOffset) && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 2000 && unharmed > 100)
  }
}

/// A gzip file and its expected contents, created by tools/reference/make_format_goldens.py.
struct PythonGzip: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var file: [UInt8]
  var content: [UInt8]

  var testDescription: String { name }

  enum CodingKeys: CodingKey { case name, file, content }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    file = try Array(container.decode(Data.self, forKey: .file))
    content = try Array(container.decode(Data.self, forKey: .content))
  }

  static func stored() throws -> [PythonGzip] {
    try Fixture("formats/gzip.json").decode()
  }

  static func named(_ name: String) throws -> PythonGzip {
    try #require(stored().first { $0.name == name })
  }
}
