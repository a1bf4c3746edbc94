#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A place on an axis with a round number: 1, 2 or 5 times a power of ten, or a multiple of that.
package struct Tick: Equatable, Sendable {
  package var number: DecimalNumber
  package var value: Double { number.value }
  package var label: String { number.description }
}

/// The round numbers an axis shows, and from where to where it reaches.
///
/// Source: P. S. Heckbert, Nice numbers for graph labels, Graphics Gems, 1990 (loose labelling).
package struct AxisTicks: Equatable, Sendable {
  /// At least two, ascending.
  package var ticks: [Tick]

  /// Finer lines between the ticks, without numbers; on logarithmic axes only.
  package var minor: [Double] = []

  package var lowest: Double { ticks[0].value }
  package var highest: Double { ticks[ticks.count - 1].value }

  /// Equal steps around the values from `lowest` to `highest`, about `count` of them.
  ///
  /// - Parameter wholeNumbers: Whether steps below 1 make no sense.
  package static func linear(
    from lowest: Double, to highest: Double, count: Int = 6, wholeNumbers: Bool = false
  ) -> AxisTicks {
    precondition(lowest <= highest && (highest - lowest).isFinite, "an axis has finite ends, the lower first")
    var (lowest, highest) = (lowest, highest)
    let magnitude = max(abs(lowest), abs(highest))
    if magnitude < 1e-300 {
      (lowest, highest) = (0, 1)
    } else if highest - lowest < magnitude * 1e-12 {
      // One value only: it gets half its own size around it, or as a small whole number one step.
      let room = wholeNumbers && magnitude < 1e6 ? 1 : magnitude / 2
      (lowest, highest) = (lowest - room, highest + room)
    }
    let (mantissa, exponent) = roundStep(atLeast: (highest - lowest) / Double(count), wholeNumbers: wholeNumbers)
    let step = DecimalNumber(mantissa: mantissa, exponent: exponent).value
    // A value that lies on a tick but for rounding needs no further step.
    let first = Int((lowest / step + 1e-9).rounded(.down))
    let last = max(Int((highest / step - 1e-9).rounded(.up)), first + 1)
    return AxisTicks(
      ticks: (first...last).map { Tick(number: DecimalNumber(mantissa: $0 * mantissa, exponent: exponent)) })
  }

  /// Powers of ten around the values from `lowest` to `highest`, with 2 and 5 times them or more where there is room.
  ///
  /// Values closer together than a factor of 3 get the round numbers of a linear axis.
  package static func logarithmic(from lowest: Double, to highest: Double, count: Int = 8) -> AxisTicks {
    precondition(0 < lowest && lowest <= highest && highest.isFinite, "a logarithmic axis is above zero and finite")
    if highest > lowest * (1 + 1e-9), highest < lowest * 3 { return linear(from: lowest, to: highest) }
    let bottom = Int((log10(lowest) + 1e-9).rounded(.down))
    let top = max(Int((log10(highest) - 1e-9).rounded(.up)), bottom + 1)
    func number(_ mantissa: Int, _ exponent: Int) -> DecimalNumber {
      DecimalNumber(mantissa: mantissa, exponent: exponent)
    }
    let stride = (top - bottom + count - 1) / count
    guard stride == 1 else {
      // So many decades that only every second, third ... has a number.
      let above = bottom + (top - bottom + stride - 1) / stride * stride
      return AxisTicks(
        ticks: Swift.stride(from: bottom, through: above, by: stride).map { Tick(number: number(1, $0)) },
        minor: (bottom...above).filter { ($0 - bottom) % stride != 0 }.map { number(1, $0).value })
    }
    let all = (bottom...top).flatMap { exponent in (1...9).map { number($0, exponent) } }
    // The ends are the nearest round numbers outside, which need not be powers of ten.
    let ends = all.filter { [1, 2, 5].contains($0.mantissa) }
    let first = ends.last { $0.value <= lowest * (1 + 1e-9) } ?? all[0]
    let last = ends.first { $0.value >= highest * (1 - 1e-9) && $0.value > first.value } ?? number(1, top)
    let within = all.filter { $0.value >= first.value && $0.value <= last.value }
    let shown = last.value <= first.value * 10 ? Array(1...9) : top - bottom <= 3 ? [1, 2, 5] : [1]
    let ticks = within.filter { shown.contains($0.mantissa) || $0 == first || $0 == last }
    return AxisTicks(
      ticks: ticks.map { Tick(number: $0) },
      minor: within.filter { !ticks.contains($0) }.map(\.value))
  }

  /// The least of 1, 2 and 5 times a power of ten that is not below a number.
  private static func roundStep(atLeast least: Double, wholeNumbers: Bool) -> (mantissa: Int, exponent: Int) {
    if wholeNumbers && least <= 1 { return (1, 0) }
    let exponent = Int(log10(least).rounded(.down))
    for mantissa in [1, 2, 5]
    where DecimalNumber(mantissa: mantissa, exponent: exponent).value >= least * (1 - 1e-9) {
      return (mantissa, exponent)
    }
    return (1, exponent + 1)
  }
}
