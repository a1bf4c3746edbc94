import DatasetFormats
import Testing

/// An invalid header and its error message.
struct BrokenHeader: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var file: [UInt8]
  var sentence: String

  init(_ name: String, _ file: [UInt8], _ sentence: String) {
    (self.testDescription, self.file, self.sentence) = (name, file, sentence)
  }

  init(_ text: String, _ sentence: String) {
    self.init(text, Self.file(text), sentence)
  }

  static func file(_ text: String, version: UInt8 = 1, length: Int? = nil) -> [UInt8] {
    let count = length ?? text.utf8.count
    let size = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + size + Array(text.utf8)
  }

  static let table: [BrokenHeader] = [
    .init("empty", [], "at byte 0: the file ends inside the header, expected at least 10 bytes, found 0"),
    .init("zip", [0x50, 0x4B, 3, 4], "at byte 0: expected NumPy's signature 93 4E 55 4D, found 50 4B 03 04"),
    .init(
      "cut in the signature", [0x93, 0x4E],
      "at byte 2: the file ends inside the header, expected at least 10 bytes, found 2"),
    .init(
      "version 4", file("", version: 4), "at byte 6: expected version 1.0, 2.0 or 3.0 of the .npy format, found 4.0"),
    .init(
      "a length of 4 GiB", file("{", version: 2, length: 0xFFFF_FFFF),
      "at byte 8: expected a header of at most 65536 bytes, found 4294967307"),
    .init(
      "cut in the text", file("{'descr", length: 100),
      "at byte 17: the file ends inside the header, expected at least 110 bytes, found 17"),
    .init("", "at byte 10: expected '{', found the end of the header"),
    .init("[]", "at byte 10: expected '{', found '[]'"),
    .init("{}", "at byte 10: the header lacks the key 'descr'"),
    .init("{'descr': '|u1', 'shape': (1,)}", "at byte 10: the header lacks the key 'fortran_order'"),
    .init(
      "{'descr': '|u1', 'fortran_order': True, }", "at byte 10: the header lacks the key 'shape'"),
    .init("{'shape': (1,), 'shape': (1,)}", "at byte 26: expected the key 'shape' once, found it twice"),
    .init(
      "{'shape': (1,), 'size': 1}",
      "at byte 26: expected only the keys descr, fortran_order and shape in the header, found 'size'"),
    .init("{'shape' (1,)}", "at byte 19: expected ':', found '(1,)}'"),
    .init("{'shape': 1}", "at byte 20: expected '(', found '1}'"),
    .init("{'shape': (1)}", "at byte 22: expected ',', found ')}'"),
    .init("{'shape': (-1,)}", "at byte 21: expected a size that fits in 63 bits, found '-1,)}'"),
    .init("{'shape': (007,)}", "at byte 21: expected a size that fits in 63 bits, found '007,)}'"),
    .init(
      "{'shape': (9223372036854775808,)}", "at byte 21: expected a size that fits in 63 bits, found '922337203685'"),
    .init("{'shape': (1,,)}", "at byte 23: expected a size that fits in 63 bits, found ',)}'"),
    .init("{'shape': (1, 2}", "at byte 25: expected ')', found '}'"),
    .init("{'shape': (1, 2", "at byte 25: expected ')', found the end of the header"),
    .init("{'fortran_order': 1}", "at byte 28: expected True or False, found '1}'"),
    .init("{'descr': u1}", "at byte 20: expected a string, found 'u1}'"),
    .init("{'descr': '|u1}", "at byte 20: expected a string without escapes, found ''|u1}'"),
    .init("{'descr': '\\x7cu1'}", "at byte 20: expected a string without escapes, found ''\\x7cu1'}'"),
    .init("{'descr': [('x', '<i4')]}", "at byte 20: expected an array of numbers, found structured records"),
    .init(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} + x",
      "at byte 66: expected the header's end, found '+ x'"),
    .init(
      "{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}",
      "at byte 20: expected one of the element types u1, i1, b1, u2, i2, u4, i4, u8, i8, f4, f8, found '<f2'"),
    .init(
      "{'descr': '|i4', 'fortran_order': False, 'shape': (1,)}",
      "at byte 20: expected one of the element types u1, i1, b1, u2, i2, u4, i4, u8, i8, f4, f8, found '|i4'"),
    .init(
      "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
      "at byte 20: expected one of the element types u1, i1, b1, u2, i2, u4, i4, u8, i8, f4, f8, found ''"),
    .init(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (4294967296, 2147483648)}",
      "at byte 10: the shape [4294967296, 2147483648] is too large: the number of bytes does not fit in 63 bits"),
    .init(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 9223372036854775807, 2)}",
      "at byte 10: the shape [0, 9223372036854775807, 2] is too large: the number of bytes does not fit in 63 bits"),
    .init(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (9223372036854775807,)}",
      "at byte 10: the shape [9223372036854775807] is too large: the number of bytes does not fit in 63 bits"),
    .init(
      "{'shape': (" + String(repeating: "1, ", count: 65) + ")}",
      "at byte 213: expected at most 64 sizes, found '1, )}'"),
  ]
}

@Suite struct NumPyHeaderTests {
  @Test("headers that NumPy wrote are read", arguments: try GoldenArray.stored())
  func golden(_ golden: GoldenArray) throws {
    let header = try NumPyHeader(parsing: golden.bytes)
    #expect(header.elementType.rawValue == golden.descriptor.dropFirst())
    #expect(header.isBigEndian == golden.descriptor.hasPrefix(">"))
    #expect(header.isFortranOrder == golden.isFortranOrder)
    #expect(header.shape == golden.shape && header.elementCount == golden.values.count)
    #expect(header.byteCount + header.payloadByteCount == golden.bytes.count)
  }

  @Test("headers are written with the same bytes as NumPy writes", arguments: try GoldenArray.stored())
  func encoded(_ golden: GoldenArray) throws {
    let header = try NumPyHeader(parsing: golden.bytes)
    guard !header.isBigEndian, !header.isFortranOrder, golden.bytes[6] == 1 else { return }
    #expect(header.encoded == Array(golden.bytes.prefix(header.byteCount)))
    #expect(NumPyHeader(elementType: header.elementType, shape: header.shape) == header)
  }

  @Test(
    "other Python spellings of the same header are read",
    arguments: [
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }",
      "{\"shape\":(2,3,),\"fortran_order\":False,\"descr\":\"|u1\"}",
      " { 'descr' : '<u1' ,\n'fortran_order':\tFalse , 'shape' : ( 2L , 3L ) }  \n",
    ])
  func spelling(_ text: String) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      let header = try NumPyHeader(parsing: BrokenHeader.file(text, version: version))
      #expect(header.shape == [2, 3] && header.elementType == .uint8 && !header.isBigEndian)
    }
  }

  @Test("each invalid header is refused with its offset in one sentence", arguments: BrokenHeader.table)
  func broken(_ broken: BrokenHeader) {
    let error = #expect(throws: NumPyError.self) { try NumPyHeader(parsing: broken.file) }
    #expect(error?.description == broken.sentence)
  }

  @Test("sizes with any number of digits are written and read back")
  func longSizes() throws {
    for shape in [[], [0], [1], [1 << 40], [12, 1 << 30, 7], Array(repeating: 1, count: 64)] {
      let header = NumPyHeader(elementType: .int16, shape: shape)
      #expect(try NumPyHeader(parsing: header.encoded) == header)
      #expect(header.encoded.count % 64 == 0)
    }
  }
}
