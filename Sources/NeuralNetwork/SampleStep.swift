internal import Matrices
internal import Workers

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
/// nothing is allocated once it exists. Where the first layer has many units, workers share them: what becomes of a unit's
/// sum and weights does not depend on which others go with it.
final class SampleStep {
  /// A weight matrix, the activations it leads to, and their deltas. Only pointers, so that reading one costs nothing;
  /// the memory belongs to `buffers`.
  private struct Layer {
    let inputCount: Int
    let outputCount: Int
    /// Columns of the padded weights; what is behind `outputCount` is 0 in weights and deltas.
    let width: Int
    /// `[inputCount, width]`, in parts of columns that lie one after the other.
    let weights: UnsafeMutablePointer<Double>
    /// One for each worker that shares the layer.
    let partCount: Int
    /// `[width]`
    let activations: UnsafeMutablePointer<Double>
    /// `[width]`
    let deltas: UnsafeMutablePointer<Double>
    /// The deltas times the learning rate, `[width]`.
    let steps: UnsafeMutablePointer<Double>

    /// A part's weights, `[inputCount, columns.count]`. Parts lie behind each other, as a core that read on from its part of
    /// a row would take memory from another one's cache.
    func part(_ part: Int) -> (columns: Range<Int>, weights: UnsafeMutablePointer<Double>) {
      let vectorCount = width / Kernels.lanes
      let first = vectorCount * part / partCount * Kernels.lanes
      return (first..<vectorCount * (part + 1) / partCount * Kernels.lanes, weights + inputCount * first)
    }

    /// Calls `body` with the place of each weight in memory, and its place in a matrix without padding.
    func forEachWeight(_ body: (_ weight: UnsafeMutablePointer<Double>, _ element: Int) -> Void) {
      for part in 0..<partCount {
        let (columns, weights) = self.part(part)
        for row in 0..<inputCount {
          for column in columns.clamped(to: 0..<outputCount) {
            body(weights + row * columns.count + column - columns.lowerBound, row * outputCount + column)
          }
        }
      }
    }
  }

  private let kernels: Kernels
  private let pool: WorkerPool
  private let layers: [Layer]
  private let buffers: [AlignedBuffer<Double>]
  /// 0, 1, 2, ...: the indices of a layer's units, none of which is left out.
  private let everyUnit: AlignedBuffer<UInt32>

  /// The threads that gain time for a network, of those there are: handing half of a small layer to another core takes
  /// longer than computing it.
  static func threadCount(for architecture: Architecture, available: Int) -> Int {
    let shape = architecture.weightShapes[0]
    guard shape.inputs * shape.outputs >= 1 << 16 else { return 1 }
    return max(1, min(available, WorkerPool.processorCount, shape.outputs / 64))
  }

  init(
    _ network: NeuralNetwork, pool: WorkerPool = WorkerPool(threadCount: 1), instructionSet: InstructionSet = .widest
  ) {
    self.pool = pool
    kernels = Kernels(available: instructionSet)
    var layers: [Layer] = []
    var buffers: [AlignedBuffer<Double>] = []
    for matrix in network.weights {
      let width = Kernels.paddedWidth(matrix.columnCount)
      let partCount = layers.isEmpty ? pool.threadCount : 1
      let weights = AlignedBuffer<Double>(count: matrix.rowCount * width)
      let activations = AlignedBuffer<Double>(count: width)
      let deltas = AlignedBuffer<Double>(count: width)
      let steps = AlignedBuffer<Double>(count: width)
      layers.append(
        Layer(
          inputCount: matrix.rowCount, outputCount: matrix.columnCount, width: width, weights: weights.pointer,
          partCount: partCount, activations: activations.pointer, deltas: deltas.pointer, steps: steps.pointer))
      matrix.withUnsafeElements { elements in
        layers[layers.count - 1].forEachWeight { weight, element in weight.pointee = elements[element] }
      }
      buffers += [weights, activations, deltas, steps]
    }
    self.layers = layers
    self.buffers = buffers
    everyUnit = AlignedBuffer(count: layers.map(\.width).max() ?? 0)
    for unit in 0..<everyUnit.count { everyUnit.pointer[unit] = UInt32(truncatingIfNeeded: unit) }
  }

  /// Makes a sample the next one to train on: its way through the first layer.
  func begin(_ sample: SampleList) {
    let first = layers[0]
    for part in 0..<first.partCount {
      let (columns, weights) = first.part(part)
      kernels.combineRows(
        of: weights, width: columns.count, at: sample.indices, by: sample.values, count: sample.count,
        into: first.activations + columns.lowerBound)
    }
    withExtendedLifetime(buffers) {}
  }

  /// Trains on the sample that was begun, and begins the next one.
  ///
  /// - Parameters:
  ///   - sample: the one that was begun.
  ///   - next: the one to begin; any one where there is none.
  ///   - target: the outputs wanted for the sample, `[outputCount]`.
  ///   - learningRate: what the gradient is multiplied by.
  ///   - result: what the sample's cost, the sum of squared output errors before the update, is added to.
  func train(
    _ sample: SampleList, next: SampleList, target: UnsafePointer<Double>, learningRate: Double,
    result: inout BatchResult
  ) {
    forwardBehindFirst()
    outputDelta(target: target, result: &result)
    backwardAndUpdate(learningRate: learningRate)
    updateFirst(sample, next: next, learningRate: learningRate)
    withExtendedLifetime(buffers) {}
  }

  /// Writes the outputs for one sample, `[outputCount]`.
  func predict(_ sample: SampleList, into outputs: UnsafeMutablePointer<Double>) {
    begin(sample)
    forwardBehindFirst()
    let output = layers[layers.count - 1]
    outputs.update(from: output.activations, count: output.outputCount)
    withExtendedLifetime(buffers) {}
  }

  /// Adds a sample's cost to a result, with the weights as they are.
  func judge(_ sample: SampleList, target: UnsafePointer<Double>, result: inout BatchResult) {
    begin(sample)
    forwardBehindFirst()
    outputDelta(target: target, result: &result)
    withExtendedLifetime(buffers) {}
  }

  /// From the sums into the first layer's units to the outputs.
  private func forwardBehindFirst() {
    kernels.sigmoid(layers[0].activations, count: layers[0].width)
    for index in 1..<max(layers.count, 1) {
      let (layer, next) = (layers[index - 1], layers[index])
      kernels.combineRows(
        of: next.weights, width: next.width, at: everyUnit.pointer, by: layer.activations, count: layer.outputCount,
        into: next.activations)
      kernels.sigmoid(next.activations, count: next.width)
    }
  }

  private func outputDelta(target: UnsafePointer<Double>, result: inout BatchResult) {
    let output = layers[layers.count - 1]
    var cost = 0.0
    var (largest, itsTarget, largestTarget) = (output.activations[0], target[0], target[0])
    for unit in 0..<output.outputCount {
      let (activation, wanted) = (output.activations[unit], target[unit])
      let delta = activation - wanted
      output.deltas[unit] = delta
      cost += delta * delta
      // Which one is larger cannot be foreseen: values are chosen here, and no way.
      itsTarget = activation > largest ? wanted : itsTarget
      largest = activation > largest ? activation : largest
      largestTarget = wanted > largestTarget ? wanted : largestTarget
    }
    result.cost += cost
    result.rightCount += itsTarget == largestTarget ? 1 : 0
  }

  /// All layers of weights but the first: each row is read once, for its delta and for its update.
  private func backwardAndUpdate(learningRate: Double) {
    for index in stride(from: layers.count - 1, to: 0, by: -1) {
      let (layer, next) = (layers[index - 1], layers[index])
      scale(next, by: learningRate)
      kernels.dotRowsAndSubtract(
        next.weights, width: next.width, rowCount: next.inputCount, dot: next.deltas, subtract: layer.activations,
        times: next.steps, into: layer.deltas)
      for unit in 0..<layer.outputCount {
        let activation = layer.activations[unit]
        layer.deltas[unit] = layer.deltas[unit] * activation * (1 - activation)
      }
    }
  }

  /// The first layer's weights, by far the most: what the update has touched is read for the next sample at once.
  private func updateFirst(_ sample: SampleList, next: SampleList, learningRate: Double) {
    let first = layers[0]
    scale(first, by: learningRate)
    pool.run { worker in
      let (columns, weights) = first.part(worker)
      kernels.subtractAndCombine(
        weights, width: columns.count, subtract: sample, of: first.steps + columns.lowerBound,
        combine: next, into: first.activations + columns.lowerBound)
    }
  }

  private func scale(_ layer: Layer, by learningRate: Double) {
    for unit in 0..<layer.outputCount { layer.steps[unit] = layer.deltas[unit] * learningRate }
  }

  /// The weights as they are now, without the padding.
  var weights: [Matrix<Double>] {
    defer { withExtendedLifetime(buffers) {} }
    return layers.map { layer in
      var matrix = Matrix<Double>(rowCount: layer.inputCount, columnCount: layer.outputCount)
      matrix.withUnsafeMutableElements { elements in
        layer.forEachWeight { weight, element in elements[element] = weight.pointee }
      }
      return matrix
    }
  }
}
