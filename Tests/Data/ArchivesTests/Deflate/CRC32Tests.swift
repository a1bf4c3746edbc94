import Archives
import Testing

@Suite struct CRC32Tests {
  @Test("the check value of the polynomial, in one piece and in several")
  func checkValue() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32($0).value } == 0xCBF4_3926)
    var checksum = CRC32()
    for piece in ["1", "", "2345678", "9"] { Array(piece.utf8).withUnsafeBytes { checksum.add($0) } }
    #expect(checksum.value == 0xCBF4_3926)
  }

  @Test("no bytes sum to 0, and add nothing")
  func nothing() {
    #expect(CRC32().value == 0)
    var checksum = [1, 2, 3].withUnsafeBytes { CRC32($0) }
    let before = checksum
    checksum.add(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(checksum == before && before != CRC32())
  }
}
