import RandomSources
import TestFixtures
import Testing

/// Values that NumPy gave, made by tools/reference/make_random_goldens.py.
struct LegacyStream: Decodable, CustomTestStringConvertible, Sendable {
  var seed: UInt32
  var permutation10: [Int]
  var normals: [Double]
  var permutation1797: [Int]
  var keptNormal: Double
  var uniforms: [Double]
  var words: [UInt32]
  var normalAfter: Double

  var testDescription: String { "seed \(seed)" }

  static func stored() throws -> [LegacyStream] {
    struct File: Decodable { var streams: [LegacyStream] }
    return try Fixture("numpy/legacy-stream.json").decode(File.self).streams
  }
}

@Suite struct NumPyRandomSourceTests {
  /// Equal but for the last bits of the logarithm, which are the system's.
  static func isEqual(_ found: Double, _ expected: Double) -> Bool { abs(found - expected) <= 2 * expected.ulp }

  @Test("every draw equals NumPy's, in the order drawn", arguments: try LegacyStream.stored())
  func draws(_ stream: LegacyStream) {
    var source = NumPyRandomSource(seed: stream.seed)
    #expect(source.permutation(10) == stream.permutation10)
    #expect(zip((0..<9).map { _ in source.standardNormal() }, stream.normals).allSatisfy(Self.isEqual))
    #expect(Array(source.permutation(1797).prefix(20)) == stream.permutation1797)
    #expect(Self.isEqual(source.standardNormal(), stream.keptNormal))
    #expect((0..<5).map { _ in source.uniform() } == stream.uniforms)
    #expect((0..<4).map { _ in source.nextWord() } == stream.words)
    let after = (0..<2000).map { _ in source.standardNormal() }
    #expect(Self.isEqual(after[1999], stream.normalAfter))
  }

  @Test("seed 5489 gives the words that the Mersenne Twister's authors publish")
  func publishedWords() {
    var source = NumPyRandomSource(seed: 5489)
    #expect((0..<3).map { _ in source.nextWord() } == [3_499_211_612, 581_869_302, 3_890_346_734])
  }

  @Test(
    "an order is a shuffle by bounded numbers, and leaves the stream where they would",
    arguments: [2, 5, 64, 65, 3000])
  func shuffle(_ count: Int) {
    var (source, other) = (NumPyRandomSource(seed: 7), NumPyRandomSource(seed: 7))
    for _ in 0..<3 {
      var expected = Array(0..<count)
      for last in (1..<count).reversed() { expected.swapAt(last, Int(other.integer(through: UInt64(last)))) }
      #expect(source.permutation(count) == expected)
    }
    #expect(source.next() == other.next())
  }

  @Test("nothing is drawn where there is no choice")
  func noChoice() {
    var source = NumPyRandomSource(seed: 3)
    var untouched = source
    #expect(source.permutation(0) == [])
    #expect(source.permutation(1) == [0])
    #expect(source.integer(through: 0) == 0)
    #expect(source.next() == untouched.next())
  }

  @Test("a bounded number reaches both ends and never passes the bound", arguments: [1, 2, 6, 255, 256, 1 << 33])
  func bounded(_ maximum: UInt64) {
    var source = NumPyRandomSource(seed: 11)
    let values = (0..<4000).map { _ in source.integer(through: maximum) }
    #expect(values.allSatisfy { $0 <= maximum })
    #expect(maximum > 6 || (values.contains(0) && values.contains(maximum)))
    #expect(maximum < 1 << 33 || values.contains { $0 > UInt64(UInt32.max) })
  }
}
