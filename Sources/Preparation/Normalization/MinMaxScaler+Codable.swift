extension MinMaxScaler: Codable {
  private enum CodingKeys: String, CodingKey { case range, scope, minimum, maximum }

  /// Writes range, scope, minimum and maximum.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(range, forKey: .range)
    try container.encode(scope, forKey: .scope)
    try container.encode(minimum, forKey: .minimum)
    try container.encode(maximum, forKey: .maximum)
  }

  /// Reads what ``encode(to:)`` writes, and refuses what no fit could have given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let range = try container.decode(ClosedRange<Double>.self, forKey: .range)
    let scope = try container.decode(ScalingScope.self, forKey: .scope)
    let minimum = try container.decode([Double].self, forKey: .minimum)
    let maximum = try container.decode([Double].self, forKey: .maximum)
    guard Self.isUsable(range) else {
      throw DecodingError.dataCorruptedError(
        forKey: .range, in: container, debugDescription: "the ends of a range to scale to are finite and differ")
    }
    guard minimum.count == maximum.count, scope == .feature ? !minimum.isEmpty : minimum.count == 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .maximum, in: container,
        debugDescription: "\(minimum.count) minima and \(maximum.count) maxima do not fit scope \(scope)")
    }
    guard zip(minimum, maximum).allSatisfy({ $0 <= $1 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .maximum, in: container, debugDescription: "a maximum is below its minimum")
    }
    do {
      try self.init(range: range, scope: scope, minimum: minimum, maximum: maximum)
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .maximum, in: container, debugDescription: error.description)
    }
  }
}
