import Archives
import DatasetFormats
import RandomSources
import Testing

@Suite struct NumPyArrayTests {
  private struct NumPyArray: Equatable {
    let shape: [Int]
    let values: [UInt8]

    /// The array as a .npy file with elements of type `uint8`.
    var encoded: [UInt8] { NumPyHeader(elementType: .uint8, shape: shape).encoded + values }
  }

  /// Reads a .npy file from an archive that holds only this file.
  private static func read(_ file: [UInt8]) throws -> NumPyArray {
    let arrays = NumPyArchive(try ZipArchive(archive([("a", file)], compression: .stored)))
    let header = try arrays.header("a")
    return NumPyArray(shape: header.shape, values: try arrays.values(of: [("a", header)]))
  }

  @Test("NumPy arrays in any storage order are read in C order", arguments: try GoldenArray.stored())
  func golden(_ golden: GoldenArray) throws {
    let array = try Self.read(golden.bytes)
    #expect(array == NumPyArray(shape: golden.shape, values: golden.values))
    #expect(try Self.read(array.encoded) == array)
  }

  @Test("an array that cannot be converted to bytes is refused with the reason", arguments: try RefusedArray.stored())
  func refused(_ refused: RefusedArray) throws {
    let error = try #require(throws: NumPyError.self) { try Self.read(refused.bytes) }
    #expect(error.description.contains(refused.word), "\(error)")
  }

  @Test("a file that is cut, or longer than its header requires, is refused", arguments: try GoldenArray.stored())
  func cuts(_ golden: GoldenArray) {
    for count in 0..<golden.bytes.count {
      #expect(throws: NumPyError.self) { try Self.read(Array(golden.bytes.prefix(count))) }
    }
    let count = golden.bytes.count
    #expect(throws: NumPyError.self) { try Self.read(golden.bytes + [0]) }
    let header = NumPyHeader(elementType: .uint8, shape: [1 << 60])
    let error = #expect(throws: NumPyError.self, "\(count)") { try Self.read(header.encoded) }
    #expect(error?.problem == .length(expected: 128 + 1 << 60, found: 128))
  }

  @Test("a randomly damaged file is refused, or gives an array that can be written and read back")
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
      do {
        let array = try Self.read(damaged)
        #expect(try Self.read(array.encoded) == array)
        read += 1
      } catch let error as NumPyError {
        #expect(!error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 3000 && read > 50)
  }
}
