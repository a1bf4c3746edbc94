#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A seeded random number generator that also draws permutations and normal deviates.
///
/// Data preparation needs permutations, and weight initialization needs normal deviates. Reference implementations
/// compute both from the random bits in different ways. The protocol therefore requires both functions instead of
/// building them on `next()`. ``NumPyRandomSource`` computes permutations and deviates as NumPy does.
public protocol RandomSource: RandomNumberGenerator {
  /// Returns the numbers `0..<count` in random order. All orders are equally likely.
  mutating func permutation(_ count: Int) -> [Int]

  /// Returns a number from the normal distribution with mean 0 and standard deviation 1.
  mutating func standardNormal() -> Double
}

/// Returns two independent numbers from the standard normal distribution.
///
/// The method is Marsaglia's polar method (Marsaglia and Bray, 1964).
///
/// - Parameter uniform: Draws a number in `0..<1`. It is called an even number of times, 2.55 times on average.
/// - Returns: Two numbers from one random point. The first belongs to the point's second coordinate, as in NumPy. The
///   second belongs to the point's first coordinate.
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
