/// SplitMix64: a small and fast stream of 64-bit numbers that can be split into streams of their own.
///
/// ```swift
/// var source = SplittableRandomSource(seed: 7)
/// let order = source.permutation(60_000)
/// var other = source.split()   // draws from it do not move `source`
/// ```
///
/// The generator is that of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), with the
/// constants of Vigna's reference implementation: a 64-bit counter with an odd increment, and a function that mixes its
/// bits. It passes the usual statistical tests, is no secret to anybody who sees its numbers, and gives the same ones
/// on every system. After 2^64 draws a stream begins again.
public struct SplittableRandomSource: RandomSource, Equatable {
  /// 2^64 over the golden ratio, odd: the increment of every stream that is begun from a seed.
  private static let goldenIncrement: UInt64 = 0x9e37_79b9_7f4a_7c15

  private var state: UInt64
  private let increment: UInt64
  private var keptNormal: Double?

  /// The stream of a seed; every seed is as good as any other.
  public init(seed: UInt64) {
    self.init(state: seed, increment: Self.goldenIncrement)
  }

  private init(state: UInt64, increment: UInt64) {
    (self.state, self.increment) = (state, increment)
  }

  /// The next 64 bits; also a good key for draws that are computed from a counter.
  public mutating func next() -> UInt64 {
    var bits = advance()
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A stream that is independent of what this one gives from here on, and of other streams that are split off.
  ///
  /// It begins somewhere else and has an increment of its own, both made from two steps of this stream, as in the
  /// paper. A normal deviate that is kept back stays with this one.
  public mutating func split() -> SplittableRandomSource {
    let state = next()
    return SplittableRandomSource(state: state, increment: Self.increment(from: advance()))
  }

  /// A number from 0 up to but not including 1, in steps of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number from 0 to `maximum`, both included, each equally likely.
  ///
  /// The high half of a 64-bit draw times the number of choices, drawn again in the rare case that the low half shows a
  /// choice that would come up too often (Lemire, "Fast Random Integer Generation in an Interval", 2019). Nothing is
  /// drawn for 0.
  public mutating func integer(through maximum: UInt64) -> UInt64 {
    guard maximum > 0 else { return 0 }
    guard maximum < .max else { return next() }
    let choices = maximum + 1
    var product = choices.multipliedFullWidth(by: next())
    if product.low < choices {
      // 2^64 modulo the choices: so many of the low halves are too many. The division is needed this rarely.
      let excess = (0 &- choices) % choices
      while product.low < excess { product = choices.multipliedFullWidth(by: next()) }
    }
    return product.high
  }

  /// The numbers 0 to `count - 1` in random order, each order equally likely as far as 64 bits of seed allow.
  ///
  /// Fisher and Yates's shuffle, last place first, with ``integer(through:)``.
  ///
  /// - Complexity: O(count); less than a millisecond for 60,000.
  public mutating func permutation(_ count: Int) -> [Int] {
    precondition(count >= 0, "a permutation's count is not negative")
    var result = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      result.swapAt(last, Int(integer(through: UInt64(last))))
    }
    return result
  }

  /// A number from the normal distribution with mean 0 and standard deviation 1.
  ///
  /// Made two at a time by Marsaglia's polar method; the second one is kept for the next call.
  public mutating func standardNormal() -> Double {
    if let kept = keptNormal.take() { return kept }
    let (first, second) = polarNormals { uniform() }
    keptNormal = second
    return first
  }

  /// Moves the counter on and gives it, not mixed.
  private mutating func advance() -> UInt64 {
    state &+= increment
    return state
  }

  /// The paper's `mixGamma`: an odd increment whose neighbouring bits differ often enough for a well-mixed counter.
  private static func increment(from state: UInt64) -> UInt64 {
    var bits = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
    bits = (bits ^ (bits >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    bits = (bits ^ (bits >> 33)) | 1
    let changes = (bits ^ (bits >> 1)).nonzeroBitCount
    return changes < 24 ? bits ^ 0xaaaa_aaaa_aaaa_aaaa : bits
  }
}
