#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

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

extension Loss {
  /// The loss of one sample whose outputs are known: its cost without label smoothing, weight decay and dropout.
  ///
  /// ```swift
  /// Loss.categoricalCrossEntropy.value(outputs: [0.1, 0.9], label: 0)  // 2.302585...
  /// ```
  ///
  /// It tells how wrong a prediction is: a confident mistake has a large one. An output of 0 is taken as the least that
  /// float32 has above it, so that the loss is finite; outputs that are not finite numbers give what is not one either.
  ///
  /// - Parameters:
  ///   - outputs: the network's outputs, `[outputCount]`.
  ///   - label: the sample's class.
  /// - Precondition: `label` is the index of an output.
  /// - Complexity: O(outputCount).
  public func value(outputs: some RandomAccessCollection<Double>, label: Int) -> Double {
    precondition(label >= 0 && label < outputs.count, "a label is the index of an output")
    func logarithm(_ output: Double) -> Double { log(max(output, Double(Float.leastNonzeroMagnitude))) }
    switch self {
    case .article, .squaredError:
      return outputs.enumerated().reduce(0) { sum, output in
        let difference = output.element - (output.offset == label ? 1 : 0)
        return sum + difference * difference
      }
    case .binaryCrossEntropy:
      return outputs.enumerated().reduce(0) { sum, output in
        sum - logarithm(output.offset == label ? output.element : 1 - output.element)
      }
    case .categoricalCrossEntropy:
      return -logarithm(outputs[outputs.index(outputs.startIndex, offsetBy: label)])
    }
  }

  /// The loss that goes with an output activation where no other is known.
  public init(suiting outputActivation: OutputActivation) {
    self = outputActivation == .softmax ? .categoricalCrossEntropy : .article
  }
}
