internal import Drawing

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Numbers as the page writes them, the same in every locale.
enum NumberText {
  /// `10,000`.
  static func count(_ count: Int) -> String {
    var digits = Substring(String(count.magnitude))
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1 error`, `10,000 errors`.
  static func count(_ count: Int, of noun: String) -> String {
    "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// `98.71 %`, with a space that does not break.
  static func percent(_ share: Double, digits: Int = 2) -> String { fixed(share * 100, digits: digits) + "\u{A0}%" }

  /// So many digits behind the point; `no number` for what is none.
  static func fixed(_ value: Double, digits: Int) -> String {
    let factor = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value * factor).rounded()
    guard abs(scaled) < 1e15 else { return significant(value) }
    let whole = Int(scaled)
    let text = String(whole.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let point = digits == 0 ? "" : "."
    return (whole < 0 ? "-" : "") + padded.dropLast(digits) + point + padded.suffix(digits)
  }

  /// Four digits from the first that is not 0: `0.03517`, `5.732e-05`; `no number` for what is none.
  static func significant(_ value: Double) -> String {
    guard value.isFinite else { return "no number" }
    guard value != 0 else { return "0" }
    let exponent = max(-300, Int(log10(abs(value)).rounded(.down)) - 3)
    return DecimalNumber(mantissa: Int((value / pow(10, Double(exponent))).rounded()), exponent: exponent).description
  }

  /// `39.2 ms`, `4.02 s`, `2 min 5 s`.
  static func seconds(_ seconds: Double) -> String {
    if seconds < 1 {
      let milliseconds = seconds * 1000
      return fixed(milliseconds, digits: milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0) + "\u{A0}ms"
    }
    guard seconds >= 60, seconds < 1e9 else { return fixed(seconds, digits: seconds < 10 ? 2 : 1) + "\u{A0}s" }
    let whole = Int(seconds.rounded())
    return "\(count(whole / 60))\u{A0}min \(whole % 60)\u{A0}s"
  }
}
