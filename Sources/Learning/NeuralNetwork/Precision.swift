/// The floating-point numbers that a network's weights are, and are trained with.
public enum Precision: String, CaseIterable, Codable, Sendable {
  /// 32 bits, about 7 digits: half the memory and twice the speed.
  case float32
  /// 64 bits, about 16 digits: the article's.
  case float64
}
