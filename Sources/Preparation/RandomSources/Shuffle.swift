/// The numbers 0 to `count - 1` in random order: Fisher and Yates's shuffle, last place first.
///
/// - Parameters:
///   - count: how many numbers, not negative.
///   - integer: a random number from 0 to the one that it is given, both included.
func shuffledIndices(_ count: Int, integer: (_ maximum: UInt64) -> UInt64) -> [Int] {
  precondition(count >= 0, "a permutation's count is not negative")
  var result = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    result.swapAt(last, Int(integer(UInt64(last))))
  }
  return result
}
