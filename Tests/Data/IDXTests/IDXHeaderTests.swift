import IDX
import Testing

@Suite struct IDXHeaderTests {
  @Test("a header counts its bytes, its elements and theirs")
  func counts() {
    let header = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
    #expect(header.elementCount == 47_040_000)
    #expect(header.headerByteCount == 16)
    #expect(header.payloadByteCount == 47_040_000)
    #expect(header.encoded == [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28])
    #expect(IDXHeader(elementType: .float64, dimensions: [3, 2]).payloadByteCount == 48)
  }

  @Test("a header can be read before what follows it is there, with any size that 32 bits can say")
  func alone() throws {
    let largest = IDXHeader(elementType: .float64, dimensions: [4_294_967_295])
    #expect(try IDXHeader(parsing: largest.encoded) == largest)
    #expect(largest.payloadByteCount == 34_359_738_360)
    let images = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
    #expect(try IDXHeader(parsing: images.encoded + [1, 2, 3]) == images)
  }

  @Test("every rank from 1 to 255 is written and read")
  func ranks() throws {
    for rank in 1...255 {
      let header = IDXHeader(elementType: .int8, dimensions: (0..<rank).map { $0 % 64 == 0 ? 3 : 1 })
      #expect(header.encoded.count == header.headerByteCount)
      #expect(try IDXHeader(parsing: header.encoded) == header)
    }
  }

  @Test(
    "a dimension of 0 makes an empty array, wherever it stands",
    arguments: [[0], [0, 28, 28], [5, 0], [4_294_967_295, 0]])
  func empty(_ dimensions: [Int]) throws {
    let header = IDXHeader(elementType: .int32, dimensions: dimensions)
    #expect(header.elementCount == 0 && header.payloadByteCount == 0)
    #expect(try IDXArray(parsing: header.encoded).elements(as: Int32.self) == [])
  }

  @Test("the six types have NumPy's names and sizes")
  func types() {
    let rows = IDXElementType.allCases.map { "\($0.rawValue) \($0) \($0.byteCount)" }
    #expect(rows == ["8 uint8 1", "9 int8 1", "11 int16 2", "12 int32 4", "13 float32 4", "14 float64 8"])
    #expect(IDXElementType.allCases.allSatisfy { $0.swiftType.idxElementType == $0 })
  }
}
