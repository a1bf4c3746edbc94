extension StandardScaler: Codable {
  private enum CodingKeys: String, CodingKey { case scope, mean, variance, scale }

  /// Writes scope, mean, variance and scale.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scope, forKey: .scope)
    try container.encode(mean, forKey: .mean)
    try container.encode(variance, forKey: .variance)
    try container.encode(scale, forKey: .scale)
  }

  /// Reads what ``encode(to:)`` writes, and refuses what no fit could have given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let scope = try container.decode(ScalingScope.self, forKey: .scope)
    let mean = try container.decode([Double].self, forKey: .mean)
    let variance = try container.decode([Double].self, forKey: .variance)
    let scale = try container.decode([Double].self, forKey: .scale)
    guard mean.count == variance.count, mean.count == scale.count,
      scope == .feature ? !mean.isEmpty : mean.count == 1
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: container,
        debugDescription:
          "\(mean.count) means, \(variance.count) variances and \(scale.count) scales do not fit scope \(scope)")
    }
    guard (mean + variance + scale).allSatisfy(\.isFinite), scale.allSatisfy({ $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: container, debugDescription: "a scale is not above 0, or a number is not finite")
    }
    // Rounding can leave the variance of a constant feature a little below 0.
    guard zip(mean, variance).allSatisfy({ $1 >= -1e-9 * (1 + $0 * $0) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .variance, in: container, debugDescription: "a variance is below 0")
    }
    self.init(scope: scope, mean: mean, variance: variance, scale: scale)
  }
}
