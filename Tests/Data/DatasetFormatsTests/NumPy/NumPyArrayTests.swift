import DatasetFormats
import RandomSources
import Testing

@Suite struct NumPyArrayTests {
  @Test("NumPy's arrays are read, in C order whatever theirs is", arguments: try GoldenArray.stored())
  func golden(_ golden: GoldenArray) throws {
    let array = try NumPyArray(parsing: golden.bytes)
    #expect(array == NumPyArray(shape: golden.shape, values: golden.values))
    #expect(try NumPyArray(parsing: array.encoded()) == array)
  }

  @Test("what is no array of bytes is refused, and the reason said", arguments: try RefusedArray.stored())
  func refused(_ refused: RefusedArray) throws {
    let error = try #require(throws: NumPyError.self) { try NumPyArray(parsing: refused.bytes) }
    #expect(error.description.contains(refused.word), "\(error)")
  }

  @Test("a file cut anywhere, or longer than it says, is an error", arguments: try GoldenArray.stored())
  func cuts(_ golden: GoldenArray) {
    for count in 0..<golden.bytes.count {
      #expect(throws: NumPyError.self) { try NumPyArray(parsing: Array(golden.bytes.prefix(count))) }
    }
    let count = golden.bytes.count
    #expect(throws: NumPyError.self) { try NumPyArray(parsing: golden.bytes + [0]) }
    let header = NumPyHeader(elementType: .uint8, shape: [1 << 60])
    let error = #expect(throws: NumPyError.self, "\(count)") { try NumPyArray(parsing: header.encoded) }
    #expect(error?.problem == .length(expected: 128 + 1 << 60, found: 128))
  }

  @Test("random damage is refused, or gives an array that is written and read again")
  func mutations() throws {
    let goldens = try GoldenArray.stored()
    var source = SplittableRandomSource(seed: 64)
    var (refused, read) = (0, 0)
    for round in 0..<6000 {
      var damaged = goldens[round % goldens.count].bytes
      for _ in 0...source.integer(through: 2) {
        let place = Int(source.integer(through: UInt64(min(90, damaged.count - 1))))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 3) {
        case 0: damaged[place] = byte
        case 1: damaged[place] = UInt8(ascii: "0") + byte % 10
        case 2: damaged.swapAt(place, Int(byte) % damaged.count)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do throws(NumPyError) {
        let array = try NumPyArray(parsing: damaged)
        #expect(try NumPyArray(parsing: array.encoded()) == array)
        read += 1
      } catch {
        #expect(!error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 3000 && read > 50)
  }
}
