/// Between which bounds a share lies with a confidence of 95 %, judged by some samples: how far an accuracy can be trusted.
///
/// ```swift
/// let interval = ProportionInterval(successCount: 9870, sampleCount: 10_000)
/// print(interval)  // 98.46 % to 98.90 %
/// ```
///
/// It is Wilson's interval, which unlike the textbook's keeps within 0 and 1 and says something sensible where no sample or
/// every sample is a success.
///
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
/// Statistical Association 22(158), 1927.
public struct ProportionInterval: Equatable, Hashable, Sendable, Codable {
  /// The lower bound, 0 to 1.
  public let lower: Double
  /// The upper bound, 0 to 1.
  public let upper: Double

  /// The standard normal distribution's 97.5 % point.
  private static let normalQuantile = 1.959963984540054

  /// The interval for a share of which `successCount` of `sampleCount` samples are known.
  ///
  /// - Precondition: there is a sample, and at most as many successes as samples.
  public init(successCount: Int, sampleCount: Int) {
    precondition(sampleCount > 0, "an interval needs a sample")
    precondition((0...sampleCount).contains(successCount), "there are at most as many successes as samples")
    let count = Double(sampleCount)
    let share = Double(successCount) / count
    let square = Self.normalQuantile * Self.normalQuantile
    let centre = (share + square / (2 * count)) / (1 + square / count)
    let halfWidth =
      Self.normalQuantile / (1 + square / count)
      * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
    // Where all or none are successes, one bound is the end itself but for rounding.
    lower = successCount == 0 ? 0 : max(0, centre - halfWidth)
    upper = successCount == sampleCount ? 1 : min(1, centre + halfWidth)
  }
}

extension ProportionInterval: CustomStringConvertible {
  /// Both bounds in percent, such as `98.46 % to 98.90 %`.
  public var description: String {
    func percent(_ share: Double) -> String { fixedPoint(share * 100, digits: 2, width: 0) + " %" }
    return percent(lower) + " to " + percent(upper)
  }
}
