import Archives
import RandomSources
import Testing

@Suite struct ZipDamageTests {
  @Test("an archive cut anywhere is an error", arguments: try PythonZip.stored())
  func cuts(_ golden: PythonZip) {
    for count in 0..<golden.bytes.count {
      #expect(throws: ZipError.self, "\(count) bytes") { try unpacked(Array(golden.bytes.prefix(count))) }
    }
  }

  @Test("a flipped bit gives an error or the same contents, never others", arguments: try PythonZip.stored())
  func flippedBits(_ golden: PythonZip) throws {
    let bytes = golden.bytes
    var refused = 0
    for bit in 0..<(bytes.count * 8) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      do {
        let entries = try unpacked(damaged)
        #expect(entries == golden.entries, "bit \(bit % 8) of byte \(bit / 8)")
      } catch let error as ZipError {
        refused += 1
        #expect((0...bytes.count).contains(error.byteOffset) && !error.description.contains("\n"))
      }
    }
    // At the least, of every entry two names, four sizes, a checksum, an offset and two methods are guarded.
    #expect(refused >= 16 * 8 + golden.entries.count * 200)
  }

  @Test("random damage gives an error or the same contents, unless it is to a name or a method in both its places")
  func mutations() throws {
    let goldens = try PythonZip.stored().filter { !$0.entries.isEmpty }
    var source = SplittableRandomSource(seed: 1989)
    var (refused, unharmed) = (0, 0)
    for round in 0..<6000 {
      let golden = goldens[round % goldens.count]
      var damaged = golden.bytes
      for _ in 0...source.integer(through: 2) {
        // Half of the changes hit the directory, where the most can be said wrongly.
        let reach = source.integer(through: 1) == 0 ? min(160, damaged.count - 1) : damaged.count - 1
        let place = damaged.count - 1 - Int(source.integer(through: UInt64(reach)))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 3) {
        case 0: damaged[place] = byte
        case 1: damaged.insert(byte, at: place)
        case 2: damaged.remove(at: place)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do {
        let entries = try unpacked(damaged)
        #expect(entries == golden.entries, "round \(round), \(golden.name)")
        unharmed += 1
      } catch let error as ZipError {
        #expect((0...damaged.count).contains(error.byteOffset) && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 3000 && unharmed > 100)
  }
}
