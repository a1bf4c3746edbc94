import Foundation
import IDX
import RandomSources
import TestFixtures
import Testing

/// An element type that can be converted to and from its bits. Tests compare the bits, because a NaN does not equal
/// itself.
protocol BitPatternElement: IDXElement {
  init(bits: UInt64)
  var bits: UInt64 { get }
}

extension BitPatternElement where Self: FixedWidthInteger {
  init(bits: UInt64) { self.init(truncatingIfNeeded: bits) }
  var bits: UInt64 { UInt64(truncatingIfNeeded: self) & (.max >> UInt64(64 - Self.bitWidth)) }
}

extension UInt8: BitPatternElement {}
extension Int8: BitPatternElement {}
extension Int16: BitPatternElement {}
extension Int32: BitPatternElement {}

extension Float: BitPatternElement {
  init(bits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  var bits: UInt64 { UInt64(bitPattern) }
}

extension Double: BitPatternElement {
  init(bits: UInt64) { self.init(bitPattern: bits) }
  var bits: UInt64 { bitPattern }
}

extension IDXElementType {
  /// The Swift type that matches the element type.
  var swiftType: any BitPatternElement.Type {
    switch self {
    case .uint8: UInt8.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .float32: Float.self
    case .float64: Double.self
    }
  }
}

extension IDXArray {
  /// Returns the bits of the elements, for any element type.
  func bits() throws -> [UInt64] {
    func bits<Element: BitPatternElement>(_ type: Element.Type) throws -> [UInt64] {
      try elements(as: type).map(\.bits)
    }
    return try bits(header.elementType.swiftType)
  }

  /// Creates an array of elements from their bits.
  init(bits: [UInt64], _ elementType: IDXElementType, dimensions: [Int]) {
    func array<Element: BitPatternElement>(_ type: Element.Type) -> IDXArray {
      IDXArray(bits.map { Element(bits: $0) }, dimensions: dimensions)
    }
    self = array(elementType.swiftType)
  }
}

@Suite struct IDXArrayTests {
  @Test("files written by NumPy are read exactly, and writing gives the same bytes", arguments: try NumPyIDX.stored())
  func numpy(_ golden: NumPyIDX) throws {
    let array = try IDXArray(parsing: golden.file)
    #expect("\(array.header.elementType)" == golden.elementType)
    #expect(array.header.dimensions == golden.dimensions)
    #expect(try array.bits() == golden.bitPatterns)
    #expect(array.encoded() == golden.file)
    let written = IDXArray(bits: golden.bitPatterns, array.header.elementType, dimensions: golden.dimensions)
    #expect(written.encoded() == golden.file)
    #expect(written == array)
  }

  @Test("writing and reading an array of any shape gives the same array", arguments: IDXElementType.allCases, 1...5)
  func roundTrip(_ elementType: IDXElementType, _ rank: Int) throws {
    var source = NumPyRandomSource(seed: UInt32(elementType.rawValue) * 10 + UInt32(rank))
    for _ in 0..<20 {
      let dimensions = (0..<rank).map { _ in Int(source.integer(through: 6)) }
      let mask = UInt64.max >> UInt64(64 - 8 * elementType.byteCount)
      let bits = (0..<dimensions.reduce(1, *)).map { _ in source.next() & mask }
      let written = IDXArray(bits: bits, elementType, dimensions: dimensions)
      let read = try IDXArray(parsing: written.encoded())
      #expect(read.header == IDXHeader(elementType: elementType, dimensions: dimensions))
      #expect(try read.bits() == bits)
      #expect(read == written)
    }
  }

  @Test("the file holds the header and then the elements, each with its highest byte first")
  func layout() throws {
    let array = IDXArray([1, -2, 258] as [Int16], dimensions: [3, 1])
    #expect(array.encoded() == [0, 0, 0x0B, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 1, 0xFF, 0xFE, 1, 2])
    #expect(Array(array.payload) == [0, 1, 0xFF, 0xFE, 1, 2])
    #expect(array.payload.startIndex == array.header.headerByteCount)
    #expect("\(array)" == "int16 [3, 1]")
  }

  @Test("parsing, the payload and encoding share the memory of the input without a copy")
  func sharing() throws {
    let bytes = IDXArray([UInt8](repeating: 3, count: 1000), dimensions: [10, 100]).encoded()
    let array = try IDXArray(parsing: bytes)
    let address = bytes.withUnsafeBytes { $0.baseAddress }
    #expect(array.encoded().withUnsafeBytes { $0.baseAddress } == address)
    #expect(array.payload.withUnsafeBytes { $0.baseAddress } == address.map { $0 + 12 })
  }

  @Test("two arrays differ if their type, their shape or one element differs")
  func equality() {
    let array = IDXArray([1, 2] as [UInt8], dimensions: [2])
    #expect(array == IDXArray([1, 2] as [UInt8], dimensions: [2]))
    #expect(array != IDXArray([1, 2] as [Int8], dimensions: [2]))
    #expect(array != IDXArray([1, 2] as [UInt8], dimensions: [1, 2]))
    #expect(array != IDXArray([1, 3] as [UInt8], dimensions: [2]))
    #expect(IDXArray([0.0], dimensions: [1]) != IDXArray([-0.0], dimensions: [1]))
    #expect(IDXArray([Double.nan], dimensions: [1]) == IDXArray([Double.nan], dimensions: [1]))
  }
}

@Suite struct IDXHeaderTests {
  @Test("a header knows its own size, the number of elements and the size of the elements")
  func counts() {
    let header = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
    #expect(header.elementCount == 47_040_000)
    #expect(header.headerByteCount == 16)
    #expect(header.payloadByteCount == 47_040_000)
    #expect(header.encoded == [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28])
    #expect(IDXHeader(elementType: .float64, dimensions: [3, 2]).payloadByteCount == 48)
  }

  @Test("a header is read without the elements, even with the largest size that 32 bits can hold")
  func alone() throws {
    let largest = IDXHeader(elementType: .float64, dimensions: [4_294_967_295])
    #expect(try IDXHeader(parsing: largest.encoded) == largest)
    #expect(largest.payloadByteCount == 34_359_738_360)
    let images = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
    #expect(try IDXHeader(parsing: images.encoded + [1, 2, 3]) == images)
  }

  @Test("headers of every rank from 1 to 255 are written and read again")
  func ranks() throws {
    for rank in 1...255 {
      let header = IDXHeader(elementType: .int8, dimensions: (0..<rank).map { $0 % 64 == 0 ? 3 : 1 })
      #expect(header.encoded.count == header.headerByteCount)
      #expect(try IDXHeader(parsing: header.encoded) == header)
    }
  }

  @Test(
    "a dimension of 0 at any position makes an empty array",
    arguments: [[0], [0, 28, 28], [5, 0], [4_294_967_295, 0]])
  func empty(_ dimensions: [Int]) throws {
    let header = IDXHeader(elementType: .int32, dimensions: dimensions)
    #expect(header.elementCount == 0 && header.payloadByteCount == 0)
    #expect(try IDXArray(parsing: header.encoded).elements(as: Int32.self) == [])
  }

  @Test("the six element types have the names and sizes of NumPy's types")
  func types() {
    let rows = IDXElementType.allCases.map { "\($0.rawValue) \($0) \($0.byteCount)" }
    #expect(rows == ["8 uint8 1", "9 int8 1", "11 int16 2", "12 int32 4", "13 float32 4", "14 float64 8"])
    #expect(IDXElementType.allCases.allSatisfy { $0.swiftType.idxElementType == $0 })
  }
}

/// An IDX file and its expected contents, created by tools/reference/make_format_goldens.py.
struct NumPyIDX: Decodable, CustomTestStringConvertible, Sendable {
  var elementType: String
  var dimensions: [Int]
  var bitPatterns: [UInt64]
  var file: [UInt8]

  var testDescription: String { "\(elementType), rank \(dimensions.count)" }

  enum CodingKeys: CodingKey { case elementType, dimensions, bitPatterns, file }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    elementType = try container.decode(String.self, forKey: .elementType)
    dimensions = try container.decode([Int].self, forKey: .dimensions)
    bitPatterns = try container.decode([UInt64].self, forKey: .bitPatterns)
    file = try Array(container.decode(Data.self, forKey: .file))
  }

  static func stored() throws -> [NumPyIDX] {
    struct File: Decodable { var arrays: [NumPyIDX] }
    return try Fixture("formats/idx.json").decode(File.self).arrays
  }
}
