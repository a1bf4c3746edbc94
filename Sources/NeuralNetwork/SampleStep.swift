internal import Matrices

/// One step of the article's training: forward, output delta, backward, update, for one sample.
///
/// With `a` the activations of a layer (for the first one the sample itself), `W` the weights out of it and `t` the
/// target, row vectors all:
///
///     forward    a[next] = sigmoid(a · W)
///     output     delta   = a - t                            cost = sum of delta²
///     backward   delta   = (delta[next] · Wᵀ) * a * (1 - a)  with the weights of before the update
///     update     W      -= rate * aᵀ · delta[next]
///
/// It owns a copy of the network's weights, in rows padded for the kernels, and all the memory that a step needs:
/// nothing is allocated once it exists.
final class SampleStep {
  /// A weight matrix, the activations it leads to, and their deltas. Only pointers, so that reading one costs nothing;
  /// the memory belongs to `buffers`.
  private struct Layer {
    let inputCount: Int
    let outputCount: Int
    /// Columns of the padded weights; what is behind `outputCount` is 0 in weights and deltas.
    let width: Int
    /// `[inputCount, width]`
    let weights: UnsafeMutablePointer<Double>
    /// `[width]`
    let activations: UnsafeMutablePointer<Double>
    /// `[width]`
    let deltas: UnsafeMutablePointer<Double>
  }

  private let kernels: Kernels
  private let layers: [Layer]
  private let buffers: [AlignedBuffer<Double>]
  /// 0, 1, 2, ...: the indices of a layer's units, none of which is left out.
  private let everyUnit: AlignedBuffer<UInt32>

  init(_ network: NeuralNetwork, instructionSet: InstructionSet = .widest) {
    kernels = Kernels(available: instructionSet)
    var layers: [Layer] = []
    var buffers: [AlignedBuffer<Double>] = []
    for matrix in network.weights {
      let width = Kernels.paddedWidth(matrix.columnCount)
      let weights = AlignedBuffer<Double>(count: matrix.rowCount * width)
      matrix.withUnsafeElements { elements in
        for row in 0..<matrix.rowCount {
          for column in 0..<matrix.columnCount {
            weights.pointer[row * width + column] = elements[row * matrix.columnCount + column]
          }
        }
      }
      let activations = AlignedBuffer<Double>(count: width)
      let deltas = AlignedBuffer<Double>(count: width)
      layers.append(
        Layer(
          inputCount: matrix.rowCount, outputCount: matrix.columnCount, width: width, weights: weights.pointer,
          activations: activations.pointer, deltas: deltas.pointer))
      buffers += [weights, activations, deltas]
    }
    self.layers = layers
    self.buffers = buffers
    everyUnit = AlignedBuffer(count: layers.map(\.width).max() ?? 0)
    for unit in 0..<everyUnit.count { everyUnit.pointer[unit] = UInt32(truncatingIfNeeded: unit) }
  }

  /// Trains on one sample: `target` is `[outputCount]`. Returns the sum of squared output errors before the update.
  func train(_ sample: SampleReader.Sample, target: UnsafePointer<Double>, learningRate: Double) -> Double {
    forward(sample)
    let cost = outputDelta(target: target)
    backward()
    update(sample, learningRate: learningRate)
    withExtendedLifetime(buffers) {}
    return cost
  }

  /// Writes the outputs for one sample, `[outputCount]`.
  func predict(_ sample: SampleReader.Sample, into outputs: UnsafeMutablePointer<Double>) {
    forward(sample)
    let output = layers[layers.count - 1]
    outputs.update(from: output.activations, count: output.outputCount)
    withExtendedLifetime(buffers) {}
  }

  /// The outputs for the last sample, `[outputCount]`.
  var outputs: UnsafePointer<Double> { UnsafePointer(layers[layers.count - 1].activations) }

  private func forward(_ sample: SampleReader.Sample) {
    var (indices, values, count) = (sample.indices, sample.values, sample.count)
    for layer in layers {
      kernels.combineRows(
        of: layer.weights, width: layer.width, at: indices, by: values, count: count, into: layer.activations)
      kernels.sigmoid(layer.activations, count: layer.width)
      (indices, values, count) = (UnsafePointer(everyUnit.pointer), UnsafePointer(layer.activations), layer.outputCount)
    }
  }

  private func outputDelta(target: UnsafePointer<Double>) -> Double {
    let output = layers[layers.count - 1]
    var cost = 0.0
    for unit in 0..<output.outputCount {
      let delta = output.activations[unit] - target[unit]
      output.deltas[unit] = delta
      cost += delta * delta
    }
    return cost
  }

  private func backward() {
    for index in stride(from: layers.count - 1, to: 0, by: -1) {
      let (layer, next) = (layers[index - 1], layers[index])
      kernels.dotRows(
        of: next.weights, width: next.width, rowCount: next.inputCount, with: next.deltas, into: layer.deltas)
      for unit in 0..<layer.outputCount {
        let activation = layer.activations[unit]
        layer.deltas[unit] = layer.deltas[unit] * activation * (1 - activation)
      }
    }
  }

  private func update(_ sample: SampleReader.Sample, learningRate: Double) {
    var (indices, values, count) = (sample.indices, sample.values, sample.count)
    for layer in layers {
      for unit in 0..<layer.outputCount { layer.deltas[unit] *= learningRate }
      kernels.subtractOuterProduct(
        from: layer.weights, width: layer.width, at: indices, of: values, count: count, and: layer.deltas)
      (indices, values, count) = (UnsafePointer(everyUnit.pointer), UnsafePointer(layer.activations), layer.outputCount)
    }
  }

  /// The weights as they are now, without the padding.
  var weights: [Matrix<Double>] {
    defer { withExtendedLifetime(buffers) {} }
    return layers.map { layer in
      var matrix = Matrix<Double>(rowCount: layer.inputCount, columnCount: layer.outputCount)
      matrix.withUnsafeMutableElements { elements in
        for row in 0..<layer.inputCount {
          for column in 0..<layer.outputCount {
            elements[row * layer.outputCount + column] = layer.weights[row * layer.width + column]
          }
        }
      }
      return matrix
    }
  }
}
