#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A seeded random number generator that also draws permutations and normal deviates.
///
/// Data preparation needs permutations, and weight initialization needs normal deviates. Both are requirements of the
/// protocol, not functions built on `next()`, because reference implementations compute them from the bits in different
/// ways. ``NumPyRandomSource`` computes them as NumPy does.
public protocol RandomSource: RandomNumberGenerator {
  /// Returns the numbers 0 to `count - 1` in random order, each order equally likely.
  mutating func permutation(_ count: Int) -> [Int]

  /// Returns a number from the normal distribution with mean 0 and standard deviation 1.
  mutating func standardNormal() -> Double
}

/// Returns two independent numbers from the standard normal distribution.
///
/// The method is Marsaglia's polar method (Marsaglia and Bray, 1964).
///
/// - Parameter uniform: Draws a number from 0 up to but not including 1. It is called an even number of times, 2.55 on
///   average.
/// - Returns: The number of the second coordinate, which NumPy returns first, and that of the first coordinate.
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
