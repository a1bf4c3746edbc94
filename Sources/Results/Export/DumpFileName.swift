internal import Evaluation

/// The names of a dump's pictures.
///
/// In a dump of errors a listing sorts by the place in the data set, `00042-actual-3-predicted-8-confidence-0.998.png`; in
/// one of suspects by rank, `001-index-00042-label-3-predicted-8-confidence-0.998.png`. All numbers in front are padded with
/// zeros.
enum DumpFileName {
  static let fileExtension = ".png"

  /// The name of the picture of a sample.
  ///
  /// - Parameters:
  ///   - rank: the sample's place in the dump, from 0.
  ///   - count: the dump's samples.
  ///   - largestIndex: that of the data set's last sample.
  static func name(of sample: PredictedSample, rank: Int, of count: Int, largestIndex: Int, kind: DumpKind) -> String {
    let index = padded(sample.index, largest: largestIndex)
    let rest = "-predicted-\(sample.predicted)-confidence-\(thousandths(sample.confidence))\(fileExtension)"
    return switch kind {
    case .errors: "\(index)-actual-\(sample.actual)\(rest)"
    case .suspects: "\(padded(rank + 1, largest: count))-index-\(index)-label-\(sample.actual)\(rest)"
    }
  }

  /// Whether a name is one that a dump of a kind gives a picture, or that earlier versions gave, without the confidence.
  static func isOwn(_ name: String, kind: DumpKind) -> Bool {
    guard name.hasSuffix(fileExtension) else { return false }
    let parts = name.dropLast(fileExtension.count).split(separator: "-", omittingEmptySubsequences: false)
    let pattern: [Substring?] =
      switch kind {
      case .errors: [nil, "actual", nil, "predicted", nil]
      case .suspects: [nil, "index", nil, "label", nil, "predicted", nil]
      }
    guard matches(parts.prefix(pattern.count), pattern) else { return false }
    let confidence = parts.dropFirst(pattern.count)
    if confidence.isEmpty { return kind == .errors }
    guard confidence.count == 2, confidence.first == "confidence", let number = confidence.last else { return false }
    let halves = number.split(separator: ".", omittingEmptySubsequences: false)
    return halves.count == 2 && halves.allSatisfy(isNumber)
  }

  /// Whether the parts are the pattern's words, and numbers where it has none.
  private static func matches(_ parts: ArraySlice<Substring>, _ pattern: [Substring?]) -> Bool {
    parts.count == pattern.count && zip(parts, pattern).allSatisfy { $1 == nil ? isNumber($0) : $0 == $1 }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// A number with zeros before it, up to as many digits as the largest has.
  static func padded(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// A share with three decimals.
  static func thousandths(_ share: Double) -> String {
    // Outputs are shares; anything else is cut to what has a name.
    let value = Int((min(max(share, 0), 999) * 1000).rounded())
    return "\(value / 1000).\(padded(value % 1000, largest: 999))"
  }
}
