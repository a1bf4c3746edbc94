package import DisplayText

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The round numbers along an axis, in equal steps of 1, 2 or 5 times a power of ten.
///
/// Source: P. S. Heckbert, Nice numbers for graph labels, Graphics Gems, 1990 (loose labelling).
package struct AxisTicks: Equatable, Sendable {
  /// The round numbers in ascending order. There are two or more.
  package var ticks: [DecimalNumber]

  package var lowest: Double { ticks[0].value }
  package var highest: Double { ticks[ticks.count - 1].value }

  /// Creates an axis of about `count` steps that covers the values from `lowest` to `highest`.
  ///
  /// - Parameter wholeNumbers: Whether all ticks must be whole numbers. The step is then at least 1.
  package init(from lowest: Double, to highest: Double, count: Int = 6, wholeNumbers: Bool = false) {
    precondition(
      lowest <= highest && (highest - lowest).isFinite, "the ends of an axis are finite, and the lower end comes first")
    var (lowest, highest) = (lowest, highest)
    let magnitude = max(abs(lowest), abs(highest))
    if magnitude < 1e-300 {
      (lowest, highest) = (0, 1)
    } else if highest - lowest < magnitude * 1e-12 {
      // All values are equal. Half of the value is added to the axis on both sides. For a small whole number, 1 is
      // added instead.
      let room = wholeNumbers && magnitude < 1e6 ? 1 : magnitude / 2
      (lowest, highest) = (lowest - room, highest + room)
    }
    let step = Self.roundStep(atLeast: (highest - lowest) / Double(count), wholeNumbers: wholeNumbers)
    // A rounding error can put a value just beyond a tick. The tolerance avoids an extra step for such a value.
    let first = Int((lowest / step.value + 1e-9).rounded(.down))
    let last = max(Int((highest / step.value - 1e-9).rounded(.up)), first + 1)
    ticks = (first...last).map { DecimalNumber(mantissa: $0 * step.mantissa, exponent: step.exponent) }
  }

  /// Returns the smallest step that is not below `least`. A step is 1, 2 or 5 times a power of ten.
  private static func roundStep(atLeast least: Double, wholeNumbers: Bool) -> DecimalNumber {
    if wholeNumbers && least <= 1 { return DecimalNumber(mantissa: 1, exponent: 0) }
    let exponent = Int(log10(least).rounded(.down))
    return [1, 2, 5].map { DecimalNumber(mantissa: $0, exponent: exponent) }.first { $0.value >= least * (1 - 1e-9) }
      ?? DecimalNumber(mantissa: 1, exponent: exponent + 1)
  }
}

/// Returns only those points of a curve that affect the drawn pixels.
///
/// Of successive points in one column of pixels, only four remain: the first, the lowest, the highest and the last.
///
/// - Parameter points: The points in pixels, in the order in which they are joined, `[pointCount]`.
/// - Returns: The remaining points, in the same order.
/// - Complexity: O(n), n the number of points.
///
/// Source: U. Jugel et al., M4: a visualization-oriented time series data aggregation, VLDB 2014.
package func thinnedToPixels(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
  var result: [(x: Double, y: Double)] = []
  var start = 0
  while start < points.count {
    let column = points[start].x.rounded(.down)
    var end = start
    var lowest = start
    var highest = start
    while end < points.count, points[end].x.rounded(.down) == column {
      if points[end].y < points[lowest].y { lowest = end }
      if points[end].y > points[highest].y { highest = end }
      end += 1
    }
    var last = -1
    for index in [start, min(lowest, highest), max(lowest, highest), end - 1] where index > last {
      result.append(points[index])
      last = index
    }
    start = end
  }
  return result
}
