package import Matrices

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The mathematics of a network in plain loops: forward, loss, backward.
///
/// This file is for reading, and the tests compare every fast path with it. Nothing here is fast. Samples are rows: a batch is
/// `[sampleCount, featureCount]`. The optimizers, which change the weights by the gradients, are in `Optimizer`.
///
/// ```swift
/// let network = ReferenceNetwork(layers: [.dense(weights, bias: bias), .activation(.relu), .dense(lastWeights, bias: nil)])
/// let activations = network.forward(batch)                       // of each layer
/// let (costs, delta) = ReferenceLoss(.categoricalCrossEntropy).evaluate(activations.last!, targets)
/// let gradients = network.backward(activations, from: delta)     // of each dense layer
/// ```
package struct ReferenceNetwork {
  /// One step from the values of a batch to the next values.
  package enum Layer {
    /// y = x W + b. The weights are `[inputs, outputs]`, the bias is `[outputs]`; nil for no bias.
    case dense(Matrix<Double>, bias: [Double]?)
    /// y = f(x) for each value.
    case activation(Activation)
    /// y = x * mask for each value. The mask, `[sampleCount, units]`, is 0 for a dropped unit, and 1 / (1 - rate) otherwise.
    case dropout(mask: Matrix<Double>)
  }

  /// The gradient of a dense layer's weights and bias, shaped as these.
  package struct Gradient {
    /// The gradient of the weights, `[inputs, outputs]`.
    package var weights: Matrix<Double>
    /// The gradient of the bias, `[outputs]`.
    package var bias: [Double]
  }

  /// The layers, from the input to the sums that enter the outputs.
  package var layers: [Layer]

  /// Creates a network of given layers.
  package init(layers: [Layer]) { self.layers = layers }

  /// Creates a network with the layers and weights of a trained or untrained network.
  ///
  /// In the article's networks, the constant 1 of the input is the first layer's bias, and the extra unit of a hidden layer is
  /// a unit like all others.
  package init(_ network: NeuralNetwork) {
    layers = []
    for (number, matrix) in network.weights.enumerated() {
      let hasBias = network.form.hasConstant(number)
      let inputCount = matrix.rowCount - (hasBias ? 1 : 0)
      layers.append(
        .dense(Matrix(rows: (0..<inputCount).map(matrix.row)), bias: hasBias ? matrix.row(inputCount) : nil))
      if number + 1 < network.weights.count { layers.append(.activation(network.form.activation)) }
    }
  }

  // MARK: - Forward

  /// Returns the values before the first layer and after each layer. The last ones are the sums that enter the outputs.
  ///
  /// - Parameter batch: The features of the samples, `[sampleCount, featureCount]`.
  package func forward(_ batch: Matrix<Double>) -> [Matrix<Double>] {
    var values = [batch]
    for layer in layers { values.append(Self.forward(values[values.count - 1], through: layer)) }
    return values
  }

  private static func forward(_ x: Matrix<Double>, through layer: Layer) -> Matrix<Double> {
    switch layer {
    case .dense(let weights, let bias):
      return Matrix(rowCount: x.rowCount, columnCount: weights.columnCount) { sample, unit in
        var sum = bias?[unit] ?? 0
        for input in 0..<weights.rowCount { sum += x[sample, input] * weights[input, unit] }
        return sum
      }
    case .activation(let activation):
      return Matrix(rowCount: x.rowCount, columnCount: x.columnCount) { activation.value(x[$0, $1]) }
    case .dropout(let mask):
      return Matrix(rowCount: x.rowCount, columnCount: x.columnCount) { x[$0, $1] * mask[$0, $1] }
    }
  }

  // MARK: - Backward

  /// Returns the gradient of each dense layer, in the order of the layers.
  ///
  /// The chain rule goes from the last layer to the first. `delta` is always the gradient of the loss by the values after a
  /// layer; each layer turns it into the gradient by the values before that layer.
  ///
  /// - Parameters:
  ///   - values: The result of ``forward(_:)``.
  ///   - outputDelta: The gradient of the loss by the last values, `[sampleCount, outputCount]`.
  package func backward(_ values: [Matrix<Double>], from outputDelta: Matrix<Double>) -> [Gradient] {
    var delta = outputDelta
    var gradients: [Gradient] = []
    for (number, layer) in layers.enumerated().reversed() {
      let (x, y) = (values[number], values[number + 1])
      let after = delta
      switch layer {
      case .dense(let weights, _):
        let weightGradient = Matrix(rowCount: weights.rowCount, columnCount: weights.columnCount) { input, unit in
          var sum = 0.0
          for sample in 0..<x.rowCount { sum += x[sample, input] * after[sample, unit] }
          return sum
        }
        let biasGradient = (0..<weights.columnCount).map { unit in
          var sum = 0.0
          for sample in 0..<x.rowCount { sum += after[sample, unit] }
          return sum
        }
        gradients.append(Gradient(weights: weightGradient, bias: biasGradient))
        delta = Matrix(rowCount: x.rowCount, columnCount: x.columnCount) { sample, input in
          var sum = 0.0
          for unit in 0..<weights.columnCount { sum += after[sample, unit] * weights[input, unit] }
          return sum
        }
      case .activation(let activation):
        delta = Matrix(rowCount: x.rowCount, columnCount: x.columnCount) {
          after[$0, $1] * activation.slope(at: x[$0, $1], value: y[$0, $1])
        }
      case .dropout(let mask):
        delta = Matrix(rowCount: x.rowCount, columnCount: x.columnCount) { after[$0, $1] * mask[$0, $1] }
      }
    }
    return gradients.reversed()
  }
}

extension Activation {
  /// Returns f(x).
  func value(_ x: Double) -> Double {
    switch self {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: 1 - 2 / (exp(2 * x) + 1)
    case .relu: max(x, 0)
    }
  }

  /// Returns f'(x). `value` is f(x), from which the slope of some activations follows without another exponential.
  func slope(at x: Double, value: Double) -> Double {
    switch self {
    case .sigmoid: value * (1 - value)
    case .tanh: 1 - value * value
    case .relu: x > 0 ? 1 : 0
    }
  }
}

/// The mathematics of a loss: outputs, costs, and the gradient by the sums that enter the outputs.
package struct ReferenceLoss {
  /// The loss.
  package let loss: Loss
  /// The part of each target that is spread evenly over all classes.
  package let labelSmoothing: Double

  /// Creates the mathematics of a loss.
  package init(_ loss: Loss, labelSmoothing: Double = 0) {
    self.loss = loss
    self.labelSmoothing = labelSmoothing
  }

  /// Returns the outputs of a sample for the sums that enter them: each value's sigmoid, or the softmax of all.
  package func outputs(_ sums: [Double]) -> [Double] {
    switch loss.outputActivation {
    case .sigmoid: return sums.map(Activation.sigmoid.value)
    case .softmax:
      // Subtracting the largest sum changes no output, and keeps the exponentials finite.
      let largest = sums.max() ?? 0
      let exponentials = sums.map { exp($0 - largest) }
      let total = exponentials.reduce(0, +)
      return exponentials.map { $0 / total }
    }
  }

  /// Returns the cost of each sample, and the gradient of their mean by the sums that enter the outputs.
  ///
  /// - Parameters:
  ///   - sums: The sums that enter the outputs, `[sampleCount, outputCount]`.
  ///   - targets: The targets, `[sampleCount, outputCount]`.
  package func evaluate(_ sums: Matrix<Double>, _ targets: Matrix<Double>) -> (costs: [Double], delta: Matrix<Double>) {
    var costs: [Double] = []
    var delta = Matrix<Double>(rowCount: sums.rowCount, columnCount: sums.columnCount)
    for sample in 0..<sums.rowCount {
      let a = outputs(sums.row(sample))
      let t = targets.row(sample).map { $0 * (1 - labelSmoothing) + labelSmoothing / Double(targets.columnCount) }
      var cost = 0.0
      for k in a.indices {
        switch loss {
        case .article, .squaredError: cost += (a[k] - t[k]) * (a[k] - t[k])
        case .binaryCrossEntropy: cost += -t[k] * log(a[k]) - (1 - t[k]) * log(1 - a[k])
        case .categoricalCrossEntropy: cost += t[k] == 0 ? 0 : -t[k] * log(a[k])
        }
        // The slope of the sigmoid or softmax is included; for both cross-entropies, and in the article, it cancels out.
        let slope = loss == .squaredError ? 2 * a[k] * (1 - a[k]) : 1
        delta[sample, k] = (a[k] - t[k]) * slope / Double(sums.rowCount)
      }
      costs.append(cost)
    }
    return (costs, delta)
  }
}

extension Matrix<Double> {
  /// Creates a matrix whose element in a row and a column is `element(row, column)`.
  fileprivate init(rowCount: Int, columnCount: Int, element: (Int, Int) -> Double) {
    self.init(rows: (0..<rowCount).map { row in (0..<columnCount).map { element(row, $0) } })
  }
}
