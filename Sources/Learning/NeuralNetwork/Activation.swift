/// What a hidden unit makes of the sum that enters it.
public enum Activation: String, CaseIterable, Codable, Sendable {
  /// 1 / (1 + exp(-x)), the article's.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// The rectified linear unit: the larger one of x and 0.
  case relu
}

/// What the output units make of their sums.
public enum OutputActivation: String, CaseIterable, Codable, Sendable {
  /// Each output on its own, 1 / (1 + exp(-x)).
  case sigmoid
  /// exp(x) over the sum of all outputs' exp(x): probabilities that add up to 1.
  case softmax
}
