public import Matrices
public import RandomSources

/// How the weights are drawn before training. Biases that are weights are none of a unit's inputs here, and start at 0.
public enum WeightInitializer: String, CaseIterable, Codable, Sendable {
  /// From the normal distribution with mean 0 and standard deviation 1.
  case standardNormal = "standard-normal"

  /// From the normal distribution, times the square root of 1 / inputs, where inputs are all that feed a unit: the
  /// rows of the weight matrix, the constant included. Keeps the sums into the units at a spread that does not grow
  /// with the layer before them (LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998; the name is that of the
  /// article, which shares it with Glorot and Bengio's 2 / (inputs + outputs)).
  case xavier

  /// From the normal distribution, times the square root of 2 / inputs: for ReLU units, half of which are 0 (He, Zhang,
  /// Ren and Sun, Delving deep into rectifiers, 2015). Inputs are counted as for ``xavier``.
  case he

  /// Weights `[inputs, outputs]`, drawn row after row.
  public func weights(
    inputs: Int, outputs: Int, using source: inout some RandomSource
  ) -> Matrix<Double> {
    let scale =
      switch self {
      case .standardNormal: 1.0
      case .xavier: (1 / Double(inputs)).squareRoot()
      case .he: (2 / Double(inputs)).squareRoot()
      }
    var weights = Matrix<Double>(rowCount: inputs, columnCount: outputs)
    weights.withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] = source.standardNormal() * scale }
    }
    return weights
  }
}
