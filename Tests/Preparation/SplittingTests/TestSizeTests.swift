import Foundation
import Splitting
import Testing

@Suite struct TestSizeTests {
  @Test(
    "integers are counts, and other numbers are fractions",
    arguments: [
      ("68000", TestSize.count(68000)), ("1", .count(1)), ("+7", .count(7)), ("007", .count(7)),
      ("0.25", .fraction(0.25)), (".5", .fraction(0.5)), ("5e-1", .fraction(0.5)), ("1E-3", .fraction(0.001)),
    ])
  func texts(_ text: String, _ size: TestSize) throws {
    #expect(try TestSize(parsing: text) == size)
    #expect(try TestSize(parsing: size.description) == size)
    #expect(try JSONDecoder().decode(TestSize.self, from: JSONEncoder().encode(size)) == size)
  }

  @Test(
    "a text that is not a number causes an error",
    arguments: [
      "", " ", "abc", "25%", "0,25", "0x10", "0x1p-2", "nan", "inf", " 1", "1 ", "--1", "1-1", "e", ".", "1e", "٣",
      "99999999999999999999",
    ])
  func noNumbers(_ text: String) {
    #expect(throws: SplittingError.notATestSize(text)) { try TestSize(parsing: text) }
  }

  @Test("a size that can never be valid causes an error")
  func outOfRange() {
    #expect(throws: SplittingError.countOutOfRange(0, sampleCount: nil)) { try TestSize(parsing: "0") }
    #expect(throws: SplittingError.countOutOfRange(-3, sampleCount: nil)) { try TestSize(parsing: "-3") }
    #expect(throws: SplittingError.fractionOutOfRange(1)) { try TestSize(parsing: "1.0") }
    #expect(throws: SplittingError.fractionOutOfRange(0)) { try TestSize(parsing: "0.0") }
    #expect(throws: SplittingError.fractionOutOfRange(-0.5)) { try TestSize(parsing: "-0.5") }
    #expect(throws: SplittingError.fractionOutOfRange(.infinity)) { try TestSize(parsing: "1e999") }
    #expect(throws: SplittingError.countOutOfRange(0, sampleCount: nil)) { try TestSize.count(0).testCount(outOf: 5) }
    #expect(throws: SplittingError.self) { try TestSize.fraction(.nan).testCount(outOf: 5) }
  }

  @Test("a fraction is rounded up, and at least one training sample must remain")
  func counts() throws {
    #expect(try TestSize.fraction(0.25).testCount(outOf: 1797) == 450)
    #expect(try TestSize.fraction(0.25).testCount(outOf: 70000) == 17500)
    #expect(try TestSize.count(68000).testCount(outOf: 70000) == 68000)
    #expect(throws: SplittingError.noTrainingSamples(testSize: .fraction(0.25), sampleCount: 1)) {
      try TestSize.fraction(0.25).testCount(outOf: 1)
    }
    #expect(throws: SplittingError.noTrainingSamples(testSize: .fraction(0.25), sampleCount: 0)) {
      try TestSize.fraction(0.25).testCount(outOf: 0)
    }
  }

  @Test("in JSON a size is a plain number, and a size that can never be valid is not encoded")
  func json() throws {
    #expect(
      try String(decoding: JSONEncoder().encode([TestSize.fraction(0.25), .count(3)]), as: UTF8.self) == "[0.25,3]")
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(TestSize.fraction(1)) }
    for text in ["0", "-1", "1.5", "\"0.25\"", "null"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(TestSize.self, from: Data(text.utf8)) }
    }
  }
}
