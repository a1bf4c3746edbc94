/// What shares one set of scaling parameters.
public enum ScalingScope: String, CaseIterable, Codable, Equatable, Sendable {
  /// Each feature has its own, as in scikit-learn: the columns of a matrix are scaled independently.
  case feature
  /// All features share one, so that pixels stay comparable with each other and an image keeps its look.
  case whole
}
