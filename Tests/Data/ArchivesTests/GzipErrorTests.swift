import Archives
import Testing

/// An invalid gzip file with the expected error and the expected error message.
struct BrokenGzip: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var file: [UInt8]
  var error: GzipError
  var sentence: String

  init(_ name: String, _ file: [UInt8], _ error: GzipError, _ sentence: String) {
    (self.testDescription, self.file, self.error, self.sentence) = (name, file, error, sentence)
  }

  /// A valid gzip file with the text "abc".
  ///
  /// The file consists of a header (10 bytes), the start of the deflate data (5 bytes), the text, the CRC-32 and the
  /// length.
  static let abc: [UInt8] =
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0]

  /// Returns the file ``abc`` with changed bytes at the given offsets.
  static func changed(_ changes: [Int: UInt8]) -> [UInt8] {
    changes.reduce(into: abc) { $0[$1.key] = $1.value }
  }

  /// Returns the file ``abc`` with other flags and additional header fields.
  static func withFields(_ flags: UInt8, _ fields: [UInt8]) -> [UInt8] {
    changed([3: flags]).prefix(10) + fields + abc.dropFirst(10)
  }

  static let table: [BrokenGzip] = [
    .init("empty", [], .notGzip(found: []), "at byte 0: the file is empty, expected the gzip signature 1F 8B"),
    .init(
      "raw IDX", [0, 0, 8, 1, 0], .notGzip(found: [0, 0, 8, 1, 0]),
      "at byte 0: expected the gzip signature 1F 8B, found 00 00 08 01"),
    .init(
      "HTML", Array("<!DOCTYPE html><html>".utf8), .notGzip(found: Array("<!DOCTYPE html><".utf8)),
      "at byte 0: expected the gzip signature 1F 8B, found 3C 21 44 4F, which looks like an HTML page"),
    .init(
      "HTML after white space and a byte order mark", [0xEF, 0xBB, 0xBF, 0x0D, 0x0A] + Array("<html".utf8),
      .notGzip(found: [0xEF, 0xBB, 0xBF, 0x0D, 0x0A] + Array("<html".utf8)),
      "at byte 0: expected the gzip signature 1F 8B, found EF BB BF 0D, which looks like an HTML page"),
    .init(
      "one byte", [0x1F], .cut(part: .header, expectedAtLeast: 10, found: 1),
      "at byte 1: the file ends inside the header, expected at least 10 bytes, found 1"),
    .init(
      "wrong second byte", [0x1F, 0x8C], .notGzip(found: [0x1F, 0x8C]),
      "at byte 0: expected the gzip signature 1F 8B, found 1F 8C"),
    .init(
      "method 7", changed([2: 7]), .unknownMethod(offset: 2, found: 7),
      "at byte 2: unknown compression method 0x07, expected 0x08"),
    .init(
      "reserved flag", changed([3: 0x40]), .reservedFlags(offset: 3, found: 0x40),
      "at byte 3: reserved flags are set in 0x40, expected at most 0x1F"),
    .init(
      "wrong header checksum", withFields(2, [0x34, 0x12]),
      .headerChecksum(offset: 10, expected: 0xC990, found: 0x1234),
      "at byte 10: the header's checksum should be 0xC990, found 0x1234"),
    .init(
      "cut off before the header's checksum", Array(withFields(2, []).prefix(11)),
      .cut(part: .header, expectedAtLeast: 12, found: 11),
      "at byte 11: the file ends inside the header, expected at least 12 bytes, found 11"),
    .init(
      "extra field longer than the file", withFields(4, [0xFF, 0xFF]),
      .cut(part: .header, expectedAtLeast: 65547, found: 28),
      "at byte 28: the file ends inside the header, expected at least 65547 bytes, found 28"),
    .init(
      "file name without its final zero byte", Array(withFields(8, [0x61, 0x61]).prefix(12)),
      .cut(part: .header, expectedAtLeast: 13, found: 12),
      "at byte 12: the file ends inside the header, expected at least 13 bytes, found 12"),
    .init(
      "cut off in the data", Array(abc.prefix(16)), .cut(part: .compressedData, expectedAtLeast: 25, found: 16),
      "at byte 16: the file ends inside the compressed data, expected at least 25 bytes, found 16"),
    .init(
      "reserved block type", changed([10: 7]), .invalidData(offset: 11, reason: "invalid block type"),
      "at byte 11: the compressed data is damaged (invalid block type)"),
    .init(
      "wrong CRC-32", changed([18: 0xC3]), .checksum(offset: 18, expected: 0x3524_41C2, found: 0x3524_41C3),
      "at byte 18: the contents' CRC-32 should be 0x352441C2, found 0x352441C3"),
    .init(
      "changed contents", changed([15: 0x62]), .checksum(offset: 18, expected: 0x3762_FF9B, found: 0x3524_41C2),
      "at byte 18: the contents' CRC-32 should be 0x3762FF9B, found 0x352441C2"),
    .init(
      "a stated length of 4 GiB", changed([22: 0xFF, 23: 0xFF, 24: 0xFF, 25: 0xFF]),
      .length(offset: 22, expected: 3, found: 4_294_967_295),
      "at byte 22: the contents' length should be 3, found 4294967295"),
    .init(
      "cut off in the trailer", Array(abc.dropLast()), .cut(part: .trailer, expectedAtLeast: 26, found: 25),
      "at byte 25: the file ends inside the trailer, expected at least 26 bytes, found 25"),
    .init(
      "trailing bytes", abc + [1, 2], .trailingBytes(offset: 26, count: 2),
      "at byte 26: 2 bytes follow the last member, expected the end of the file"),
    .init(
      "a member after padding", abc + [0] + abc, .trailingBytes(offset: 26, count: 27),
      "at byte 26: 27 bytes follow the last member, expected the end of the file"),
    .init(
      "a second member that is cut off", abc + abc.prefix(9), .cut(part: .header, expectedAtLeast: 36, found: 35),
      "at byte 35: the file ends inside the header, expected at least 36 bytes, found 35"),
    .init(
      "a second member that is damaged", abc + changed([3: 0xFF]), .reservedFlags(offset: 29, found: 0xFF),
      "at byte 29: reserved flags are set in 0xFF, expected at most 0x1F"),
  ]
}

@Suite struct GzipErrorTests {
  @Test("the file from which the invalid files are made is valid")
  func sound() throws {
    #expect(try Gzip.decompress(BrokenGzip.abc) == Array("abc".utf8))
    #expect(try Gzip.decompress(BrokenGzip.withFields(2, [0x90, 0xC9])) == Array("abc".utf8))
  }

  @Test(
    "each invalid file gives an error message with the offset, the expected and the found value",
    arguments: BrokenGzip.table)
  func broken(_ broken: BrokenGzip) {
    #expect(throws: broken.error) { try Gzip.decompress(broken.file) }
    #expect(broken.error.description == broken.sentence)
  }

  @Test("each of the three reserved flags is an error", arguments: [0x20, 0x40, 0x80, 0xE0] as [UInt8])
  func reserved(_ flags: UInt8) {
    #expect(throws: GzipError.reservedFlags(offset: 3, found: flags)) {
      try Gzip.decompress(BrokenGzip.changed([3: flags]))
    }
  }

  @Test(
    "contents of the maximum size are unpacked, and one more byte is an error",
    arguments: [0, 1, 131_072, 131_073, 1_000_000])
  func limit(_ count: Int) throws {
    let contents = [UInt8](repeating: 0, count: count)
    let packed = Gzip.compress(contents)
    #expect(try Gzip.decompress(packed, maximumByteCount: count) == contents)
    #expect(try Gzip.decompress(packed, maximumByteCount: .max) == contents)
    guard count > 0 else { return }
    do throws(GzipError) {
      _ = try Gzip.decompress(packed, maximumByteCount: count - 1)
      Issue.record("more bytes were unpacked than the limit allows")
    } catch {
      #expect(error == .tooLarge(offset: error.byteOffset, maximumByteCount: count - 1))
      #expect((10...packed.count).contains(error.byteOffset))
      #expect(error.description.hasSuffix(": the contents are longer than the \(count - 1) bytes allowed"))
    }
  }

  @Test("the limit applies to the contents of all members together")
  func limitOfMembers() throws {
    let packed = BrokenGzip.abc + BrokenGzip.abc
    #expect(try Gzip.decompress(packed, maximumByteCount: 6).count == 6)
    #expect(throws: GzipError.tooLarge(offset: 44, maximumByteCount: 5)) {
      try Gzip.decompress(packed, maximumByteCount: 5)
    }
  }
}
