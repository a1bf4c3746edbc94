/// A seeded generator that also gives the two things data preparation and weight initialisation draw:
/// permutations and normal deviates.
///
/// They are requirements, not functions built on `next()`, because reference implementations differ in how they turn
/// bits into them: ``NumPyRandomSource`` gives NumPy's.
public protocol RandomSource: RandomNumberGenerator {
  /// The numbers 0 to `count - 1` in random order, each order equally likely.
  mutating func permutation(_ count: Int) -> [Int]

  /// A number from the normal distribution with mean 0 and standard deviation 1.
  mutating func standardNormal() -> Double
}
