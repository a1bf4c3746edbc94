/// A part of a data set, by what it is used for.
public enum DataPart: String, CaseIterable, Codable, Sendable {
  /// What a network is judged by.
  case test
  /// What it was trained on.
  case train
  /// What each epoch of its training was judged by.
  case validation

  /// As a sentence has it.
  public var adjective: String { self == .train ? "training" : rawValue }
}
