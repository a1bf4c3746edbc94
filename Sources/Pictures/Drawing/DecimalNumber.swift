/// A whole number times a power of ten, which an axis can write without the error of binary fractions.
package struct DecimalNumber: Equatable, Sendable {
  package var mantissa: Int
  package var exponent: Int

  package init(mantissa: Int, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The nearest Double.
  package var value: Double {
    // Reading the decimal text is exact where a product with a power of ten is not.
    Double("\(mantissa)e\(exponent)") ?? 0
  }
}

extension DecimalNumber: CustomStringConvertible {
  /// As Python writes it: `0.6`, `250`, `5e-05`, `1e+06`; without a fraction where there is none.
  package var description: String {
    guard mantissa != 0 else { return "0" }
    var digits = String(mantissa.magnitude)
    var exponent = exponent
    while digits.hasSuffix("0") {
      digits.removeLast()
      exponent += 1
    }
    let sign = mantissa < 0 ? "-" : ""
    // The power of ten of the first digit.
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
