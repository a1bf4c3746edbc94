/// What a training makes small. With outputs `a`, the sums `z` that entered them, and targets `t`, for one sample:
public enum Loss: String, CaseIterable, Codable, Sendable {
  /// As the article has it: the cost is the sum of (a - t)², and the output delta is a - t without the sigmoid's slope,
  /// which makes it the gradient of ``binaryCrossEntropy``.
  case article
  /// The sum of (a - t)² of sigmoid outputs, with its own gradient, 2 (a - t) a (1 - a).
  case squaredError = "squared-error"
  /// The sum of -t log a - (1 - t) log(1 - a) of sigmoid outputs; computed from z, so that it is finite for every z.
  case binaryCrossEntropy = "binary-cross-entropy"
  /// The sum of -t log a of softmax outputs; computed from z, so that it is finite for every z.
  case categoricalCrossEntropy = "categorical-cross-entropy"

  /// The output activation that goes with the loss.
  public var outputActivation: OutputActivation { self == .categoricalCrossEntropy ? .softmax : .sigmoid }
}
