/// NumPy's legacy random stream: what `np.random.seed(n)` starts and `np.random.permutation` and `np.random.randn` draw
/// from, number for number.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// source.permutation(5)     // [2, 0, 1, 3, 4], as np.random.permutation(5)
/// source.standardNormal()   // as np.random.randn() next
/// ```
///
/// NumPy promises not to change this stream (NEP 19). The bits come from the Mersenne Twister MT19937 (Matsumoto and
/// Nishimura, 1998) seeded by its `init_genrand`; whole numbers below a bound by masked rejection; normal deviates by
/// Marsaglia's polar method, which makes two at a time and keeps the second.
public struct NumPyRandomSource: RandomSource, Sendable {
  private static let stateCount = 624
  private static let shiftCount = 397

  private var state: [UInt32]
  private var position: Int
  private var keptNormal: Double?

  /// The stream that `np.random.seed(seed)` starts.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.stateCount)
    for index in 1..<Self.stateCount {
      let previous = state[index - 1]
      state.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index))
    }
    position = Self.stateCount
  }

  /// The next 32 bits, the unit in which the stream is made.
  public mutating func nextWord() -> UInt32 {
    if position == Self.stateCount { refill() }
    defer { position += 1 }
    return Self.tempered(state[position])
  }

  private static func tempered(_ word: UInt32) -> UInt32 {
    var word = word
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// The next 64 bits: two words, the first one high.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextWord())
    return high << 32 | UInt64(nextWord())
  }

  /// A number from 0 up to but not including 1, in steps of 2^-53, as `np.random.random_sample()`.
  public mutating func uniform() -> Double {
    let high = Double(nextWord() >> 5)
    let low = Double(nextWord() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// A whole number from 0 to `maximum`, both included, each equally likely.
  ///
  /// Draws as many bits as `maximum` has until they are not above it; nothing is drawn for 0.
  public mutating func integer(through maximum: UInt64) -> UInt64 {
    guard maximum > 0 else { return 0 }
    let mask = UInt64.max >> maximum.leadingZeroBitCount
    while true {
      let value = (maximum <= UInt32.max ? UInt64(nextWord()) : next()) & mask
      if value <= maximum { return value }
    }
  }

  /// The numbers 0 to `count - 1` in random order, as `np.random.permutation(count)`: Fisher and Yates's shuffle, last place
  /// first, with ``integer(through:)``.
  ///
  /// - Precondition: `count` is not negative and fits in 32 bits.
  /// - Complexity: O(count); a quarter of a millisecond for 60,000.
  public mutating func permutation(_ count: Int) -> [Int] {
    precondition(UInt32(exactly: count) != nil, "a permutation's count is not negative and fits in 32 bits")
    var result = Array(0..<count)
    result.withUnsafeMutableBufferPointer { numbers in
      var last = count - 1
      while last > 0 {
        let mask = UInt32.max >> UInt32(last).leadingZeroBitCount
        if position == Self.stateCount { refill() }
        for word in state[position...] {
          // Nobody can foresee which values are too large or leave a number in its place, so neither makes a branch:
          // too large ones leave it there too.
          let value = Int(Self.tempered(word) & mask)
          let isDrawn = value <= last
          let other = isDrawn ? value : last
          (numbers[last], numbers[other]) = (numbers[other], numbers[last])
          last -= isDrawn ? 1 : 0
          position += 1
          if last <= mask >> 1 { break }
        }
      }
    }
    return result
  }

  /// A number from the standard normal distribution, as `np.random.randn()`.
  public mutating func standardNormal() -> Double {
    if let kept = keptNormal.take() { return kept }
    let (first, second) = polarNormals { uniform() }
    keptNormal = second
    return first
  }

  private mutating func refill() {
    let (count, shift) = (Self.stateCount, Self.shiftCount)
    state.withUnsafeMutableBufferPointer { state in
      func twist(_ index: Int, next: Int, shifted: Int) {
        let mixed = (state[index] & 0x8000_0000) | (state[next] & 0x7fff_ffff)
        // All bits of the constant where the next word is odd, none where it is even.
        state[index] = state[shifted] ^ (mixed >> 1) ^ (0x9908_b0df & (0 &- (state[next] & 1)))
      }
      for index in 0..<count - shift { twist(index, next: index + 1, shifted: index + shift) }
      for index in count - shift..<count - 1 { twist(index, next: index + 1, shifted: index + shift - count) }
      twist(count - 1, next: 0, shifted: shift - 1)
    }
    position = 0
  }
}
