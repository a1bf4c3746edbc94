private import Foundation

/// Functions that write numbers for human readers. The results are the same in every locale.
package enum NumberText {
  /// Returns a count with commas between groups of three digits, such as `10,000`.
  package static func count(_ count: Int) -> String {
    var digits = Substring(String(count.magnitude))
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Returns a count with its noun in the singular or plural, such as `1 error` or `10,000 errors`.
  package static func count(_ count: Int, of noun: String) -> String {
    "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Returns a fraction as a percentage, such as `98.71 %` for 0.98714. The space is a non-breaking space.
  package static func percent(_ share: Double) -> String { fixed(share * 100, digits: 2) + "\u{A0}%" }

  /// Returns a number with `digits` digits after the decimal point. Returns `no number` for NaN and infinity.
  ///
  /// Halves are rounded away from zero. A number that would have more than 15 digits is written with four significant
  /// digits.
  package static func fixed(_ value: Double, digits: Int) -> String {
    let factor = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value * factor).rounded()
    guard abs(scaled) < 1e15 else { return significant(value) }
    let text = String(Int(scaled.magnitude))
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return (scaled < 0 ? "-" : "") + padded.dropLast(digits) + (digits == 0 ? "" : ".") + padded.suffix(digits)
  }

  /// Returns a number with `digits` digits after the decimal point, as C and Python print it.
  ///
  /// The exact binary value is rounded. If it is halfway between two results, the last digit becomes even.
  package static func printed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// Returns a number with four significant digits, such as `0.03517` or `5.732e-05`. Returns `no number` for NaN and
  /// infinity.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite else { return "no number" }
    guard value != 0 else { return "0" }
    let exponent = max(-300, Int(log10(abs(value)).rounded(.down)) - 3)
    return DecimalNumber(mantissa: Int((value / pow(10, Double(exponent))).rounded()), exponent: exponent).description
  }

  /// Returns a duration with its unit, such as `39.2 ms`, `4.02 s` or `2 min 5 s`.
  package static func seconds(_ seconds: Double) -> String {
    if seconds < 1 {
      let milliseconds = seconds * 1000
      return fixed(milliseconds, digits: milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0) + "\u{A0}ms"
    }
    guard seconds >= 60, seconds < 1e9 else { return fixed(seconds, digits: seconds < 10 ? 2 : 1) + "\u{A0}s" }
    let whole = Int(seconds.rounded())
    return "\(count(whole / 60))\u{A0}min \(whole % 60)\u{A0}s"
  }
}

/// A decimal number: an integer times a power of ten.
///
/// Its decimal text is exact. The decimal text of a `Double` is often rounded.
package struct DecimalNumber: Equatable, Sendable, CustomStringConvertible {
  package var mantissa: Int
  package var exponent: Int

  package init(mantissa: Int, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The `Double` that is nearest to the decimal number.
  package var value: Double {
    // Parsing the decimal text gives the nearest `Double`. Multiplying by a power of ten could add a rounding error.
    Double("\(mantissa)e\(exponent)") ?? 0
  }

  /// The number as Python prints it, such as `0.6`, `5e-05` or `1e+06`. A whole number has no fraction, such as `250`.
  package var description: String {
    guard mantissa != 0 else { return "0" }
    var digits = String(mantissa.magnitude)
    var exponent = exponent
    while digits.hasSuffix("0") {
      digits.removeLast()
      exponent += 1
    }
    let sign = mantissa < 0 ? "-" : ""
    // The exponent that the number has in scientific notation.
    let leading = exponent + digits.count - 1
    if leading < -4 || leading >= 6 {
      let fraction = digits.dropFirst()
      let power = String(leading.magnitude)
      return sign + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction)
        + (leading < 0 ? "e-" : "e+") + (power.count < 2 ? "0" : "") + power
    }
    if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
    if leading < 0 { return sign + "0." + String(repeating: "0", count: -leading - 1) + digits }
    return sign + digits.prefix(leading + 1) + "." + digits.dropFirst(leading + 1)
  }
}
