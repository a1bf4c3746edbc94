#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

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

/// Two independent numbers from the standard normal distribution, by Marsaglia's polar method (Marsaglia and Bray,
/// 1964).
///
/// - Parameter uniform: draws a number from 0 up to but not including 1; called two or more times, 2.55 on average.
/// - Returns: the second coordinate's number, which NumPy gives first, and the first coordinate's.
func polarNormals(_ uniform: () -> Double) -> (first: Double, second: Double) {
  while true {
    let x = 2 * uniform() - 1
    let y = 2 * uniform() - 1
    let squaredRadius = x * x + y * y
    guard squaredRadius < 1, squaredRadius != 0 else { continue }
    let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
    return (factor * y, factor * x)
  }
}
