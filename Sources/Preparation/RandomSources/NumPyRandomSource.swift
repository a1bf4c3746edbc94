/// NumPy's legacy random stream: the same numbers as after `np.random.seed(seed)`.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// source.permutation(5)     // [2, 0, 1, 3, 4], as np.random.permutation(5)
/// source.standardNormal()   // the same number as the next np.random.randn()
/// ```
///
/// NumPy promises not to change this stream (NEP 19). The bits come from the Mersenne Twister MT19937 (Matsumoto and
/// Nishimura, 1998), seeded by its `init_genrand`. Bounded integers are drawn by masked rejection. Normal deviates are
/// drawn by Marsaglia's polar method. It computes two deviates at a time, and the second is kept for the next call.
public struct NumPyRandomSource: RandomSource, Sendable {
  private static let stateCount = 624
  private static let shiftCount = 397

  private var state: [UInt32]
  private var position: Int
  private var keptNormal: Double?

  /// Creates the stream that `np.random.seed(seed)` starts.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.stateCount)
    for index in 1..<Self.stateCount {
      let previous = state[index - 1]
      state.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index))
    }
    position = Self.stateCount
  }

  /// Returns the next 32 bits of the stream.
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

  /// Returns the next 64 bits of the stream. They are two words of 32 bits, the high word first.
  public mutating func next() -> UInt64 {
    let high = UInt64(nextWord())
    return high << 32 | UInt64(nextWord())
  }

  /// Returns a number in `0..<1`, in steps of 2^-53, as `np.random.random_sample()` does.
  public mutating func uniform() -> Double {
    let high = Double(nextWord() >> 5)
    let low = Double(nextWord() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// Returns an integer in `0...maximum`. All integers in this range are equally likely.
  ///
  /// The method draws a word and keeps as many of its low bits as `maximum` has. If the result is above `maximum`, the
  /// method draws the next word. If `maximum` is 0, no word is drawn.
  public mutating func integer(through maximum: UInt64) -> UInt64 {
    guard maximum > 0 else { return 0 }
    let mask = UInt64.max >> maximum.leadingZeroBitCount
    while true {
      let value = (maximum <= UInt32.max ? UInt64(nextWord()) : next()) & mask
      if value <= maximum { return value }
    }
  }

  /// Returns the numbers `0..<count` in random order, as `np.random.permutation(count)` does.
  ///
  /// The method is the Fisher-Yates shuffle from the last place to the first. Its random numbers are those that
  /// ``integer(through:)`` would draw.
  ///
  /// - Precondition: `count` is not negative and fits in 32 bits.
  /// - Complexity: O(count); 0.25 ms for 60,000 numbers.
  public mutating func permutation(_ count: Int) -> [Int] {
    precondition(
      UInt32(exactly: count) != nil, "the length of a permutation must not be negative and must fit in 32 bits")
    var result = Array(0..<count)
    result.withUnsafeMutableBufferPointer { numbers in
      var last = count - 1
      while last > 0 {
        let mask = UInt32.max >> UInt32(last).leadingZeroBitCount
        if position == Self.stateCount { refill() }
        for word in state[position...] {
          // Whether a value is too large is random, so branches would often be mispredicted. If the value is too large,
          // the number is swapped with itself, which changes nothing.
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

  /// Returns a number from the standard normal distribution, as `np.random.randn()` does.
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
        // The mask has all bits set if the next word is odd, and no bit set if the next word is even.
        state[index] = state[shifted] ^ (mixed >> 1) ^ (0x9908_b0df & (0 &- (state[next] & 1)))
      }
      for index in 0..<count - shift { twist(index, next: index + 1, shifted: index + shift) }
      for index in count - shift..<count - 1 { twist(index, next: index + 1, shifted: index + shift - count) }
      twist(count - 1, next: 0, shifted: shift - 1)
    }
    position = 0
  }
}
