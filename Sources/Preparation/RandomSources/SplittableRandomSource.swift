/// SplitMix64: a small and fast stream of 64-bit random numbers that can be split into independent streams.
///
/// ```swift
/// var source = SplittableRandomSource(seed: 7)
/// let order = source.permutation(60_000)
/// var other = source.split()   // draws from `other` do not change `source`
/// ```
///
/// The generator is that of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), with the
/// constants of Vigna's reference implementation. It has a 64-bit counter with an odd increment, and a function that
/// mixes the counter's bits. It passes the usual statistical tests and gives the same numbers on every system. It is
/// not secure for cryptography. After 2^64 draws a stream repeats itself.
public struct SplittableRandomSource: RandomSource, Equatable {
  /// The increment of every stream that starts from a seed: 2^64 divided by the golden ratio, as an odd number.
  private static let goldenIncrement: UInt64 = 0x9e37_79b9_7f4a_7c15

  private var state: UInt64
  private let increment: UInt64
  private var keptNormal: Double?

  /// Creates the stream that starts from a seed. All seeds are equally good.
  public init(seed: UInt64) {
    self.init(state: seed, increment: Self.goldenIncrement)
  }

  private init(state: UInt64, increment: UInt64) {
    (self.state, self.increment) = (state, increment)
  }

  /// Returns the next 64 bits. They can also serve as the key of a counter-based generator.
  public mutating func next() -> UInt64 {
    var bits = advance()
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// Returns a new stream that is independent of this stream's next numbers and of other split streams.
  ///
  /// As in the paper of Steele, Lea and Flood, the new stream has its own start and its own increment. Two steps of
  /// this stream determine the start and the increment. A normal deviate that this stream keeps for its next call is
  /// not copied.
  public mutating func split() -> SplittableRandomSource {
    let state = next()
    return SplittableRandomSource(state: state, increment: Self.increment(from: advance()))
  }

  /// Returns a number in `0..<1`, in steps of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns an integer in `0...maximum`. All integers in this range are equally likely.
  ///
  /// The method multiplies a 64-bit draw by the number of choices. The result is the high half of the product. In rare
  /// cases, the low half shows that the result would be too frequent. The method then draws again. If `maximum` is 0,
  /// nothing is drawn.
  ///
  /// Source: D. Lemire, Fast Random Integer Generation in an Interval, 2019.
  public mutating func integer(through maximum: UInt64) -> UInt64 {
    guard maximum > 0 else { return 0 }
    guard maximum < .max else { return next() }
    let choices = maximum + 1
    var product = choices.multipliedFullWidth(by: next())
    if product.low < choices {
      // A draw is rejected if its low half is below 2^64 modulo the number of choices. The slow division for this limit
      // is rarely needed.
      let excess = (0 &- choices) % choices
      while product.low < excess { product = choices.multipliedFullWidth(by: next()) }
    }
    return product.high
  }

  /// Returns the numbers `0..<count` in random order. All orders are equally likely, as far as a seed of 64 bits
  /// allows.
  ///
  /// The method is the Fisher-Yates shuffle from the last place to the first. Its random numbers are those of
  /// ``integer(through:)``.
  ///
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(count); less than 1 ms for 60,000 numbers.
  public mutating func permutation(_ count: Int) -> [Int] {
    precondition(count >= 0, "the length of a permutation must not be negative")
    var result = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      result.swapAt(last, Int(integer(through: UInt64(last))))
    }
    return result
  }

  /// Returns a number from the normal distribution with mean 0 and standard deviation 1.
  ///
  /// Marsaglia's polar method computes two numbers at a time. The second number is kept for the next call.
  public mutating func standardNormal() -> Double {
    if let kept = keptNormal.take() { return kept }
    let (first, second) = polarNormals { uniform() }
    keptNormal = second
    return first
  }

  /// Advances the counter by one step, and returns the counter without mixing its bits.
  private mutating func advance() -> UInt64 {
    state &+= increment
    return state
  }

  /// Returns an odd increment made from 64 bits, as `mixGamma` does in the paper of Steele, Lea and Flood.
  ///
  /// In the increment, many neighbouring bits differ, so that the counter mixes well.
  private static func increment(from state: UInt64) -> UInt64 {
    var bits = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
    bits = (bits ^ (bits >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    bits = (bits ^ (bits >> 33)) | 1
    let changes = (bits ^ (bits >> 1)).nonzeroBitCount
    return changes < 24 ? bits ^ 0xaaaa_aaaa_aaaa_aaaa : bits
  }
}
