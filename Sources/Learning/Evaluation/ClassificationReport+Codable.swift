extension ClassificationReport.Scores: Codable {
  private enum CodingKeys: String, CodingKey { case precision, recall, f1Score, support }

  /// Writes the four numbers; `null` for one that is not a number, which JSON cannot say.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(precision.isNaN ? nil : precision, forKey: .precision)
    try container.encode(recall.isNaN ? nil : recall, forKey: .recall)
    try container.encode(f1Score.isNaN ? nil : f1Score, forKey: .f1Score)
    try container.encode(support, forKey: .support)
  }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    precision = try container.decode(Double?.self, forKey: .precision) ?? .nan
    recall = try container.decode(Double?.self, forKey: .recall) ?? .nan
    f1Score = try container.decode(Double?.self, forKey: .f1Score) ?? .nan
    support = try container.decode(Int.self, forKey: .support)
  }
}

extension ClassificationReport.ClassScores: Codable {
  private enum CodingKeys: String, CodingKey { case label, name }

  /// Writes label and name, and the scores beside them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(name, forKey: .name)
    try scores.encode(to: encoder)
  }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    label = try container.decode(Int.self, forKey: .label)
    name = try container.decode(String.self, forKey: .name)
    scores = try ClassificationReport.Scores(from: decoder)
  }
}
