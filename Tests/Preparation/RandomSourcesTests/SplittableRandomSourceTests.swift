import RandomSources
import Testing

/// Numbers drawn by Java 17's `java.util.SplittableRandom`, which implements SplitMix64.
///
/// First `child` was split off the parent stream, then `grandchild` off the child. Only then were the numbers drawn
/// with `nextLong()`: one from the parent and two from each of the other streams.
struct JavaSplit: CustomTestStringConvertible, Sendable {
  var seed: UInt64
  var parent: UInt64
  var child: [UInt64]
  var grandchild: [UInt64]

  var testDescription: String { "seed \(seed)" }

  /// In the last stream, few neighbouring bits of the increment differ. The generator then inverts every second bit.
  static let all = [
    JavaSplit(
      seed: 0, parent: 487_617_019_471_545_679, child: [14_217_238_538_181_877_965, 951_343_304_337_408_352],
      grandchild: [9_501_208_437_827_112_809, 16_418_100_422_935_051_069]),
    JavaSplit(
      seed: 1_234_567, parent: 9_817_491_932_198_370_423,
      child: [12_955_471_488_454_743_268, 1_587_767_429_899_503_212],
      grandchild: [5_449_668_282_652_467_944, 5_399_073_542_341_829_402]),
    JavaSplit(
      seed: 11, parent: 11_769_803_791_402_734_189, child: [15_428_535_668_955_324_928, 2_308_417_480_476_958_884],
      grandchild: [11_355_625_112_764_575_401, 13_490_195_167_500_534_891]),
  ]
}

@Suite struct SplittableRandomSourceTests {
  @Test("seed 1234567 gives the published numbers of SplitMix64")
  func publishedNumbers() {
    var source = SplittableRandomSource(seed: 1_234_567)
    let published: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    #expect((0..<5).map { _ in source.next() } == published)
  }

  @Test("split streams equal those of Java", arguments: JavaSplit.all)
  func splits(_ expected: JavaSplit) {
    var parent = SplittableRandomSource(seed: expected.seed)
    var child = parent.split()
    var grandchild = child.split()
    #expect(parent.next() == expected.parent)
    #expect((0..<2).map { _ in child.next() } == expected.child)
    #expect((0..<2).map { _ in grandchild.next() } == expected.grandchild)
  }

  @Test("split streams have no number in common, and their bits agree in half of the places")
  func independence() {
    var parent = SplittableRandomSource(seed: 3)
    var streams = (0..<8).map { _ in parent.split() }
    streams.append(parent)
    let count = 1000
    let numbers = streams.map { stream in
      var stream = stream
      return (0..<count).map { _ in stream.next() }
    }
    #expect(Set(numbers.joined()).count == streams.count * count)
    for first in numbers.indices {
      for second in 0..<first {
        let agreeing = zip(numbers[first], numbers[second]).reduce(0) { $0 + (~($1.0 ^ $1.1)).nonzeroBitCount }
        // The number of heads of 64,000 fair coins has a standard deviation of sqrt(64,000) / 2. The limit is five
        // standard deviations.
        #expect(abs(Double(agreeing) - 32_000) < 5 * 64_000.0.squareRoot() / 2)
      }
    }
  }

  @Test("equal seeds give equal draws of every kind, and different seeds give different draws")
  func repeats() {
    func draws(_ seed: UInt64) -> (permutation: [Int], numbers: [Double], end: SplittableRandomSource) {
      var source = SplittableRandomSource(seed: seed)
      let order = source.permutation(50)
      let numbers = (0..<7).map { _ in source.standardNormal() } + [source.uniform()]
      return (order, numbers, source)
    }
    let (once, again, other) = (draws(8), draws(8), draws(9))
    #expect(once == again)
    #expect(once.permutation != other.permutation)
    #expect(once.numbers != other.numbers)
    #expect(once.end != other.end)
  }

  @Test("all permutations of a few numbers are equally frequent")
  func orders() {
    var source = SplittableRandomSource(seed: 21)
    var counts: [[Int]: Int] = [:]
    let draws = 48_000
    for _ in 0..<draws { counts[source.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(counts.keys.allSatisfy { $0.sorted() == [0, 1, 2, 3] })
    // Chi-squared with 23 degrees of freedom has the mean 23 and the standard deviation sqrt(46). The limit is five
    // standard deviations above the mean.
    let expected = Double(draws) / 24
    let chiSquared = counts.values.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chiSquared < 23 + 5 * 46.0.squareRoot())
  }

  @Test("a long permutation has every number once, with no correlation of numbers and places")
  func longPermutation() {
    var source = SplittableRandomSource(seed: 22)
    let count = 60_000
    let order = source.permutation(count)
    #expect(order.sorted() == Array(0..<count))
    // The number of fixed points is Poisson-distributed with mean 1.
    #expect(zip(order.indices, order).filter { $0 == $1 }.count < 10)
    // The rank correlation of place and number has a standard deviation of 1 / sqrt(count - 1). The limit is five
    // standard deviations.
    let middle = Double(count - 1) / 2
    let covariance = zip(order.indices, order).reduce(0) { $0 + (Double($1.0) - middle) * (Double($1.1) - middle) }
    let variance = Double(count) * (Double(count) * Double(count) - 1) / 12
    #expect(abs(covariance / variance) < 5 / Double(count - 1).squareRoot())
  }

  @Test("normal deviates have mean 0, variance 1 and the right number of values beyond 2")
  func normals() {
    var source = SplittableRandomSource(seed: 23)
    let count = 100_000.0
    let values = (0..<Int(count)).map { _ in source.standardNormal() }
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    // Each limit is five standard deviations. The limits are for the mean, the mean of the squares, and the number of
    // values beyond 2. The expected fraction beyond 2 is 4.55 %.
    #expect(abs(mean) < 5 / count.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
    let beyondTwo = Double(values.filter { abs($0) > 2 }.count)
    #expect(abs(beyondTwo - 0.0455 * count) < 5 * (0.0455 * 0.9545 * count).squareRoot())
    // The two numbers of a pair are uncorrelated.
    let pairs = stride(from: 0, to: values.count, by: 2).reduce(0) { $0 + values[$1] * values[$1 + 1] }
    #expect(abs(pairs / (count / 2)) < 5 / (count / 2).squareRoot())
  }

  @Test("uniform numbers are in 0..<1 with the mean and variance of the uniform distribution")
  func uniforms() {
    var source = SplittableRandomSource(seed: 24)
    let count = 100_000.0
    let values = (0..<Int(count)).map { _ in source.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(values.reduce(0, +) / count - 0.5) < 5 / (12 * count).squareRoot())
    let variance = values.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / count
    // The variance of (u - 1/2)^2 is 1/180.
    #expect(abs(variance - 1.0 / 12) < 5 / (180 * count).squareRoot())
  }

  @Test("a bounded number reaches both ends, never exceeds the bound, and has its mean in the middle")
  func bounded() {
    // With 3 * 2^62 choices, a quarter of the draws is rejected.
    for maximum: UInt64 in [1, 2, 6, 255, 1 << 33, 3 << 62 - 1, .max] {
      var source = SplittableRandomSource(seed: 25)
      let count = 4000.0
      let values = (0..<Int(count)).map { _ in source.integer(through: maximum) }
      #expect(values.allSatisfy { $0 <= maximum })
      #expect(maximum > 6 || (values.contains(0) && values.contains(maximum)))
      let mean = values.reduce(0) { $0 + Double($1) / Double(maximum) } / count
      // No distribution on 0...1 has a standard deviation above 1/2.
      #expect(abs(mean - 0.5) < 5 * 0.5 / count.squareRoot(), "through \(maximum)")
    }
  }

  @Test("nothing is drawn if there is only one choice")
  func noChoice() {
    var source = SplittableRandomSource(seed: 3)
    let untouched = source
    #expect(source.permutation(0) == [])
    #expect(source.permutation(1) == [0])
    #expect(source.integer(through: 0) == 0)
    #expect(source == untouched)
  }
}
