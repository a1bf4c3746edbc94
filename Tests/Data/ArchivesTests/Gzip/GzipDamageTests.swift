import Archives
import RandomSources
import Testing

@Suite struct GzipDamageTests {
  @Test("a file cut anywhere is an error that tells where", arguments: try PythonGzip.stored())
  func cuts(_ golden: PythonGzip) throws {
    var wholePrefixes = 0
    for count in 0..<golden.file.count {
      do throws(GzipError) {
        // Between members a cut cannot be told from the end.
        let contents = try Gzip.decompress(Array(golden.file.prefix(count)))
        #expect(golden.content.starts(with: contents) && golden.content.count > contents.count)
        wholePrefixes += 1
      } catch {
        if case .cut(_, let expectedAtLeast, let found) = error {
          #expect(found == count && count < expectedAtLeast && expectedAtLeast <= golden.file.count)
        } else {
          // The first byte of a further signature, alone, could be anything.
          #expect(error == .empty || error == .trailingBytes(offset: count - 1, count: 1))
        }
      }
    }
    #expect(wholePrefixes <= (golden.name.hasPrefix("three members") ? 2 : 0))
  }

  @Test("a flipped bit gives an error or the same contents, never others", arguments: try PythonGzip.stored())
  func flippedBits(_ golden: PythonGzip) {
    var refused = 0
    for bit in 0..<(golden.file.count * 8) {
      var damaged = golden.file
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard let contents = try? Gzip.decompress(damaged) else {
        refused += 1
        continue
      }
      #expect(contents == golden.content, "bit \(bit % 8) of byte \(bit / 8)")
    }
    // At the least, the 64 bits of the trailer are all guarded.
    #expect(refused > 64)
  }

  @Test("with a checksum of its own, no bit of the header may be flipped")
  func guardedHeader() throws {
    let golden = try PythonGzip.named("text, header checksum")
    for bit in 0..<(12 * 8) {
      var damaged = golden.file
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: GzipError.self, "bit \(bit % 8) of byte \(bit / 8)") { try Gzip.decompress(damaged) }
    }
  }

  @Test("random damage gives an error or the same contents, never others")
  func mutations() throws {
    let goldens = try PythonGzip.stored()
    var source = NumPyRandomSource(seed: 1952)
    var (refused, unharmed) = (0, 0)
    for round in 0..<4000 {
      let golden = goldens[round % goldens.count]
      var damaged = golden.file
      for _ in 0...source.integer(through: 3) {
        // Half of the changes hit the header, where the most can be said wrongly.
        let reach = source.integer(through: 1) == 0 ? min(24, damaged.count - 1) : damaged.count - 1
        let place = Int(source.integer(through: UInt64(reach)))
        let byte = UInt8(source.integer(through: 255))
        switch source.integer(through: 3) {
        case 0: damaged[place] = byte
        case 1: damaged.insert(byte, at: place)
        case 2: damaged.remove(at: place)
        default: damaged[place] ^= 1 << (byte % 8)
        }
      }
      do throws(GzipError) {
        let contents = try Gzip.decompress(damaged, maximumByteCount: 100_000)
        #expect(golden.content == contents, "round \(round), \(golden.name)")
        unharmed += 1
      } catch {
        #expect((0...damaged.count).contains(error.byteOffset) && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 2000 && unharmed > 100)
  }
}
