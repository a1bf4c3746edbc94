import IDX
import RandomSources
import Testing

/// An invalid IDX file with the expected error and the expected error message.
struct BrokenIDX: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var file: [UInt8]
  var error: IDXError
  var sentence: String

  init(_ name: String, _ file: [UInt8], _ error: IDXError, _ sentence: String) {
    (self.testDescription, self.file, self.error, self.sentence) = (name, file, error, sentence)
  }

  static func header(_ type: UInt8, _ sizes: [UInt32]) -> [UInt8] {
    let bytes = sizes.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
    return [0, 0, type, UInt8(sizes.count)] + bytes
  }

  static let table: [BrokenIDX] = [
    .init(
      "empty", [], .headerCut(expected: 4, found: 0),
      "at byte 0: the file ends inside the header, expected at least 4 bytes, found 0"),
    .init(
      "gzip", [0x1F, 0x8B, 8, 0], .notIDX(found: [0x1F, 0x8B, 8, 0]),
      "at byte 0: expected two zero bytes, found 1F 8B, which looks like a gzip file that was not unpacked"),
    .init(
      "HTML", Array("\n<html><head>...".utf8), .notIDX(found: Array("\n<html><head>...".utf8)),
      "at byte 0: expected two zero bytes, found 0A 3C, which looks like an HTML page"),
    .init("another file", [0, 1], .notIDX(found: [0, 1]), "at byte 0: expected two zero bytes, found 00 01"),
    .init(
      "unknown type", header(0x0A, [1]) + [0], .unknownElementType(found: 0x0A),
      "at byte 2: unknown element type 0x0A, expected one of 0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E"),
    .init("rank 0", header(8, []) + [7], .rankZero, "at byte 3: the rank is 0, expected from 1 to 255"),
    .init(
      "cut off inside a size", Array(header(8, [2, 3]).dropLast()), .headerCut(expected: 12, found: 11),
      "at byte 11: the file ends inside the header, expected at least 12 bytes, found 11"),
    .init(
      "rank 255 and no sizes", [0, 0, 8, 255], .headerCut(expected: 1024, found: 4),
      "at byte 4: the file ends inside the header, expected at least 1024 bytes, found 4"),
    .init(
      "overflow", header(8, [.max, .max, .max]),
      .overflow(dimensions: [4_294_967_295, 4_294_967_295, 4_294_967_295]),
      "at byte 4: an array of 4294967295 x 4294967295 x 4294967295 elements is too large to be counted"),
    .init(
      "overflow only because of the element size", header(0x0E, [1 << 31, 1 << 30]),
      .overflow(dimensions: [2_147_483_648, 1_073_741_824]),
      "at byte 4: an array of 2147483648 x 1073741824 elements is too large to be counted"),
    .init(
      "overflow although a size is 0", header(8, [0, .max, .max, 3]),
      .overflow(dimensions: [0, 4_294_967_295, 4_294_967_295, 3]),
      "at byte 4: an array of 0 x 4294967295 x 4294967295 x 3 elements is too large to be counted"),
    .init(
      "overflow only because of the header's length", header(8, [218_934_409, 11_777_599, 3577]),
      .overflow(dimensions: [218_934_409, 11_777_599, 3577]),
      "at byte 4: an array of 218934409 x 11777599 x 3577 elements is too large to be counted"),
    .init(
      "just below an overflow", header(8, [.max, 1 << 31]),
      .payloadCut(expected: 9_223_372_034_707_292_172, found: 12),
      "at byte 12: the file ends inside the elements, expected 9223372034707292172 bytes, found 12"),
    .init(
      "far too short", header(0x0C, [1 << 20, 1 << 20]), .payloadCut(expected: 4_398_046_511_116, found: 12),
      "at byte 12: the file ends inside the elements, expected 4398046511116 bytes, found 12"),
    .init(
      "one byte short", header(0x0B, [2]) + [0, 1, 0], .payloadCut(expected: 12, found: 11),
      "at byte 11: the file ends inside the elements, expected 12 bytes, found 11"),
    .init(
      "one byte long", header(0x0B, [2]) + [0, 1, 0, 2, 9], .trailingBytes(expected: 12, found: 13),
      "at byte 12: bytes follow the elements, expected the file to have 12 bytes, found 13"),
    .init(
      "bytes after an empty array", header(8, [0]) + [0], .trailingBytes(expected: 8, found: 9),
      "at byte 8: bytes follow the elements, expected the file to have 8 bytes, found 9"),
  ]
}

@Suite struct IDXErrorTests {
  @Test(
    "each invalid file gives an error message with the offset, the expected and the found value",
    arguments: BrokenIDX.table)
  func broken(_ broken: BrokenIDX) {
    #expect(throws: broken.error) { try IDXArray(parsing: broken.file) }
    #expect(broken.error.description == broken.sentence)
  }

  @Test("reading elements as another type is an error, not a conversion", arguments: IDXElementType.allCases)
  func wrongType(_ asked: IDXElementType) throws {
    func read<Element: IDXElement>(_ array: IDXArray, _ type: Element.Type) throws { _ = try array.elements(as: type) }
    for held in IDXElementType.allCases where held != asked {
      let array = IDXArray(bits: [1, 2], held, dimensions: [2])
      #expect(throws: IDXError.wrongElementType(expected: asked, found: held)) { try read(array, asked.swiftType) }
    }
    #expect(
      IDXError.wrongElementType(expected: .uint8, found: .int32).description
        == "at byte 2: expected elements of type uint8 (0x08), found int32 (0x0C)")
  }

  @Test("the message about an overflow shows at most eight dimensions")
  func longShape() {
    let sentence = IDXError.overflow(dimensions: Array(repeating: 9, count: 255)).description
    #expect(
      sentence == "at byte 4: an array of 9 x 9 x 9 x 9 x 9 x 9 x 9 x 9 x ... elements is too large to be counted")
  }

  @Test("a file cut off at any byte gives an error with the file's length", arguments: try NumPyIDX.stored())
  func cuts(_ golden: NumPyIDX) {
    for count in 0..<golden.file.count {
      do throws(IDXError) {
        _ = try IDXArray(parsing: Array(golden.file.prefix(count)))
        Issue.record("\(count) bytes of \(golden.file.count) were read")
      } catch {
        let isInHeader = count < 4 + 4 * golden.dimensions.count
        let expected =
          isInHeader
          ? IDXError.headerCut(expected: count < 4 ? 4 : 4 + 4 * golden.dimensions.count, found: count)
          : IDXError.payloadCut(expected: golden.file.count, found: count)
        #expect(error == expected)
      }
    }
  }

  @Test("a randomly damaged file gives an error, or an array that encodes to the same bytes")
  func mutations() throws {
    let goldens = try NumPyIDX.stored()
    var source = NumPyRandomSource(seed: 28)
    var (refused, read) = (0, 0)
    for round in 0..<6000 {
      var damaged = goldens[round % goldens.count].file
      for _ in 0...source.integer(through: 2) {
        // About half of the changes are in the header, because most checks are for the header.
        let reach = source.integer(through: 1) == 0 ? min(16, damaged.count - 1) : damaged.count - 1
        let place = Int(source.integer(through: UInt64(reach)))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 4) {
        case 0: damaged[place] = byte
        case 1: damaged[place] = byte % 16
        case 2: damaged.insert(byte, at: place)
        case 3: damaged.remove(at: place)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do throws(IDXError) {
        let array = try IDXArray(parsing: damaged)
        let bits = (try? array.bits()) ?? []
        let written = IDXArray(bits: bits, array.header.elementType, dimensions: array.header.dimensions)
        #expect(written.encoded() == damaged, "round \(round)")
        read += 1
      } catch {
        #expect((0...damaged.count).contains(error.byteOffset) && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 1000 && read > 500)
  }
}
