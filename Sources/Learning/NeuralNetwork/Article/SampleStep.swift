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
/// nothing is allocated once it exists.
///
/// Where the first layer has many units, they are in segments, which workers share: a worker changes the weights into and
/// out of its units. Once a sample they wait for each other, where each segment's part of the second layer's sums is there, and
/// list the next sample meanwhile. What is behind that layer each worker does for itself, with weights of its own, as long as it
/// takes little. How many segments there are follows from the architecture, so that every sum is the same whatever the number
/// of workers.
final class SampleStep {
  /// A weight matrix, the activations it leads to, and their deltas. Only pointers, so that reading one costs nothing;
  /// the memory belongs to `workspace`.
  private struct Layer {
    let inputCount: Int
    let outputCount: Int
    /// Columns of the padded weights; what is behind `outputCount` is 0 in weights and deltas.
    let width: Int
    /// `[inputCount, width]`, in segments of columns that lie one after the other.
    let weights: UnsafeMutablePointer<Double>
    let segmentCount: Int
    /// Where each segment's columns begin, and where the last one's end.
    private let columnStarts: UnsafeMutablePointer<Int>
    /// `[width]`
    let activations: UnsafeMutablePointer<Double>
    /// `[width]`
    let deltas: UnsafeMutablePointer<Double>
    /// The deltas times the learning rate, `[width]`.
    let steps: UnsafeMutablePointer<Double>

    init(_ matrix: Matrix<Double>, segmentCount: Int, in workspace: Workspace) {
      (inputCount, outputCount) = (matrix.rowCount, matrix.columnCount)
      width = Kernels.paddedWidth(matrix.columnCount)
      self.segmentCount = segmentCount
      columnStarts = workspace.allocate(count: segmentCount + 1)
      for segment in 0...segmentCount {
        columnStarts[segment] = width / Kernels.lanes * segment / segmentCount * Kernels.lanes
      }
      weights = workspace.allocate(count: matrix.rowCount * width)
      activations = workspace.allocate(count: width)
      deltas = workspace.allocate(count: width)
      steps = workspace.allocate(count: width)
      matrix.withUnsafeElements { elements in
        forEachWeight { weight, element in weight.pointee = elements[element] }
      }
    }

    /// The same weights, with room for other activations and deltas.
    init(sharing other: Layer, in workspace: Workspace) {
      (inputCount, outputCount, width) = (other.inputCount, other.outputCount, other.width)
      (weights, segmentCount, columnStarts) = (other.weights, other.segmentCount, other.columnStarts)
      activations = workspace.allocate(count: width)
      deltas = workspace.allocate(count: width)
      steps = workspace.allocate(count: width)
    }

    /// A segment's weights, `[inputCount, columns.count]`. Segments lie behind each other, as a core that read on from its
    /// part of a row would take memory from another one's cache.
    func segment(_ segment: Int) -> (columns: Range<Int>, weights: UnsafeMutablePointer<Double>) {
      let columns = columnStarts[segment]..<columnStarts[segment + 1]
      return (columns, weights + inputCount * columns.lowerBound)
    }

    /// A segment's units, without the padding.
    func units(_ segment: Int) -> Range<Int> { self.segment(segment).columns.clamped(to: 0..<outputCount) }

    /// Calls `body` with the place of each weight in memory, and its place in a matrix without padding.
    func forEachWeight(_ body: (_ weight: UnsafeMutablePointer<Double>, _ element: Int) -> Void) {
      for segment in 0..<segmentCount {
        let (columns, weights) = self.segment(segment)
        for row in 0..<inputCount {
          for column in columns.clamped(to: 0..<outputCount) {
            body(weights + row * columns.count + column - columns.lowerBound, row * outputCount + column)
          }
        }
      }
    }
  }

  /// What a worker computes with: the first layer is everybody's, and each does its segments of it.
  private struct Seat {
    let segments: Range<Int>
    let layers: [Layer]
    let workspace: Workspace
  }

  private let kernels: Kernels
  private let seats: [Seat]
  private let firstSeat: Seat
  /// All segments, with the first seat's weights.
  private let wholeSeat: Seat
  private let workspace = Workspace()
  /// The one whose weights these are, if they are another one's.
  private let owner: SampleStep?
  /// 0, 1, 2, ...: the indices of a layer's units, none of which is left out.
  private let everyUnit: UnsafeMutablePointer<UInt32>
  /// Where there are several segments, each one's part of the second layer's sums, `[2, segments, width]`: those of a sample and
  /// of the next one in turn, as a worker may be a sample ahead. For predictions only one sample's.
  private let segmentSums: UnsafeMutablePointer<Double>
  private let rendezvous: Rendezvous

  /// The segments of a network's first layer: as many as it has 64 units, if they have enough weights.
  private static func segmentCount(for architecture: Architecture) -> Int {
    let shape = architecture.weightShapes[0]
    guard architecture.weightShapes.count > 1, shape.inputs * shape.outputs >= 1 << 16 else { return 1 }
    return max(1, shape.outputs / 64)
  }

  /// The threads that gain time for a network, of those there are: handing half of a small layer to another core takes
  /// longer than computing it.
  static func threadCount(for architecture: Architecture, available: Int) -> Int {
    let counts = architecture.weightShapes.map { $0.inputs * $0.outputs }
    // All copies of the weights that each worker has for itself are no more than those that workers share.
    let (shared, own) = (counts.prefix(2).reduce(0, +), counts.dropFirst(2).reduce(0, +))
    return max(1, min(available, WorkerPool.processorCount, segmentCount(for: architecture), 1 + shared / max(own, 1)))
  }

  init(_ network: NeuralNetwork, workerCount: Int = 1, instructionSet: InstructionSet = .widest) {
    owner = nil
    kernels = Kernels(available: instructionSet)
    let segmentCount = Self.segmentCount(for: network.architecture)
    precondition(workerCount <= segmentCount, "each worker has a segment")
    let workspace = workspace
    let common = network.weights.enumerated().map { index, matrix in
      Layer(matrix, segmentCount: index == 0 ? segmentCount : 1, in: workspace)
    }
    seats = (0..<workerCount).map { worker in
      let own = Workspace()
      return Seat(
        segments: WorkerShare(number: worker, of: workerCount).part(of: segmentCount),
        layers: worker == 0
          ? common
          : common.enumerated().map { index, layer in
            switch index {
            case 0: layer
            case 1: Layer(sharing: layer, in: own)
            default: Layer(network.weights[index], segmentCount: 1, in: own)
            }
          },
        workspace: own)
    }
    firstSeat = seats[0]
    wholeSeat = Seat(segments: 0..<segmentCount, layers: common, workspace: workspace)
    let largest = common.map(\.width).max() ?? 0
    everyUnit = workspace.allocate(count: largest)
    for unit in 0..<largest { everyUnit[unit] = UInt32(truncatingIfNeeded: unit) }
    segmentSums = workspace.allocate(count: segmentCount > 1 ? 2 * segmentCount * common[1].width : 0)
    rendezvous = Rendezvous(workerCount: workerCount)
  }

  /// One for predictions with another one's weights, as many of them can make at the same time.
  init(predictingWith other: SampleStep) {
    owner = other
    kernels = other.kernels
    let own = Workspace()
    let seat = Seat(
      segments: other.wholeSeat.segments, layers: other.wholeSeat.layers.map { Layer(sharing: $0, in: own) },
      workspace: own)
    (seats, firstSeat, wholeSeat) = ([seat], seat, seat)
    everyUnit = other.everyUnit
    let segmentCount = seat.segments.count
    segmentSums = workspace.allocate(count: segmentCount > 1 ? segmentCount * seat.layers[1].width : 0)
    rendezvous = Rendezvous(workerCount: 1)
  }

  /// Makes a sample a worker's next one to train on: its way through the first layer.
  func begin(_ sample: SampleList, worker: Int) { begin(sample, worker == 0 ? firstSeat : seats[worker]) }

  /// Trains on the sample that was begun, and begins the next one. All workers have to call this for the same samples.
  ///
  /// - Parameters:
  ///   - sample: the one that was begun.
  ///   - target: the outputs wanted for the sample, `[outputCount]`; not read before `next` is called.
  ///   - learningRate: what the gradient is multiplied by.
  ///   - isOdd: whether the samples trained on so far, this one included, are an odd number.
  ///   - worker: the worker's number.
  ///   - result: what the sample's cost, the sum of squared output errors before the update, is added to.
  ///   - next: gives the sample to begin; any one where there is none. It is called once, where other workers would be waited for.
  /// - Returns: the one that was begun.
  func train(
    _ sample: SampleList, target: UnsafePointer<Double>, learningRate: Double, isOdd: Bool, worker: Int,
    result: inout BatchResult, next: () -> SampleList
  ) -> SampleList {
    func train(_ seat: Seat) -> SampleList {
      forwardToSecond(seat, isOdd: isOdd)
      rendezvous.arrive(worker)
      let next = next()
      rendezvous.waitForOthers(worker)
      forwardFromSecond(seat, isOdd: isOdd)
      outputDelta(seat, target: target, result: &result)
      backwardAndUpdate(seat, learningRate: learningRate)
      updateFirst(seat, sample, next: next, learningRate: learningRate)
      return next
    }
    // To take one out of an array counts references.
    return worker == 0 ? train(firstSeat) : train(seats[worker])
  }

  /// Writes the outputs for one sample, `[outputCount]`.
  func predict(_ sample: SampleList, into outputs: UnsafeMutablePointer<Double>) {
    forward(sample)
    let output = wholeSeat.layers[wholeSeat.layers.count - 1]
    outputs.update(from: output.activations, count: output.outputCount)
  }

  /// Adds a sample's cost to a result, with the weights as they are.
  func judge(_ sample: SampleList, target: UnsafePointer<Double>, result: inout BatchResult) {
    forward(sample)
    outputDelta(wholeSeat, target: target, result: &result)
  }

  /// All layers, with the weights as they are.
  private func forward(_ sample: SampleList) {
    begin(sample, wholeSeat)
    forwardToSecond(wholeSeat, isOdd: false)
    forwardFromSecond(wholeSeat, isOdd: false)
  }

  private func begin(_ sample: SampleList, _ seat: Seat) {
    let first = seat.layers[0]
    for segment in seat.segments {
      let (columns, weights) = first.segment(segment)
      kernels.combineRows(
        of: weights, width: columns.count, at: sample.indices, by: sample.values, count: sample.count,
        into: first.activations + columns.lowerBound)
    }
  }

  /// From the sums into the first layer's units to each segment's part of those into the second one's.
  private func forwardToSecond(_ seat: Seat, isOdd: Bool) {
    let first = seat.layers[0]
    for segment in seat.segments {
      let columns = first.segment(segment).columns
      kernels.sigmoid(first.activations + columns.lowerBound, count: columns.count)
    }
    guard seat.layers.count > 1 else { return }
    let (second, sums) = (seat.layers[1], secondSums(seat, isOdd: isOdd))
    for segment in seat.segments {
      let units = first.units(segment)
      kernels.combineRows(
        of: second.weights + units.lowerBound * second.width, width: second.width, at: everyUnit,
        by: first.activations + units.lowerBound, count: units.count, into: sums + segment * second.width)
    }
  }

  /// From the sums into the second layer's units, of which all segments' parts are there, to the outputs.
  private func forwardFromSecond(_ seat: Seat, isOdd: Bool) {
    for index in 1..<seat.layers.count {
      let (layer, next) = (seat.layers[index - 1], seat.layers[index])
      if index == 1 {
        let sums = secondSums(seat, isOdd: isOdd)
        if layer.segmentCount > 1 { next.activations.update(from: sums, count: next.width) }
        for segment in 1..<layer.segmentCount {
          for unit in 0..<next.width { next.activations[unit] += sums[segment * next.width + unit] }
        }
      } else {
        kernels.combineRows(
          of: next.weights, width: next.width, at: everyUnit, by: layer.activations, count: layer.outputCount,
          into: next.activations)
      }
      kernels.sigmoid(next.activations, count: next.width)
    }
  }

  /// Where the segments' parts of the sums into the second layer's units go; a single segment's right to the units.
  private func secondSums(_ seat: Seat, isOdd: Bool) -> UnsafeMutablePointer<Double> {
    let (segmentCount, second) = (seat.layers[0].segmentCount, seat.layers[1])
    return segmentCount > 1 ? segmentSums + (isOdd ? segmentCount * second.width : 0) : second.activations
  }

  private func outputDelta(_ seat: Seat, target: UnsafePointer<Double>, result: inout BatchResult) {
    let output = seat.layers[seat.layers.count - 1]
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

  /// All layers of weights but the first: each row is read once, for its delta and for its update. Of the second one each
  /// worker has the rows of its units.
  private func backwardAndUpdate(_ seat: Seat, learningRate: Double) {
    for index in stride(from: seat.layers.count - 1, to: 0, by: -1) {
      let (layer, next) = (seat.layers[index - 1], seat.layers[index])
      scale(next, 0..<next.outputCount, by: learningRate)
      for segment in index == 1 ? seat.segments : 0..<1 {
        let units = layer.units(segment)
        kernels.dotRowsAndSubtract(
          next.weights + units.lowerBound * next.width, width: next.width, rowCount: units.count, dot: next.deltas,
          subtract: layer.activations + units.lowerBound, times: next.steps, into: layer.deltas + units.lowerBound)
        for unit in units {
          let activation = layer.activations[unit]
          layer.deltas[unit] = layer.deltas[unit] * activation * (1 - activation)
        }
      }
    }
  }

  /// The first layer's weights, by far the most: what the update has touched is read for the next sample at once.
  private func updateFirst(_ seat: Seat, _ sample: SampleList, next: SampleList, learningRate: Double) {
    let first = seat.layers[0]
    for segment in seat.segments {
      let (columns, weights) = first.segment(segment)
      scale(first, columns.clamped(to: 0..<first.outputCount), by: learningRate)
      kernels.subtractAndCombine(
        weights, width: columns.count, subtract: sample, of: first.steps + columns.lowerBound, combine: next,
        into: first.activations + columns.lowerBound)
    }
  }

  private func scale(_ layer: Layer, _ units: Range<Int>, by learningRate: Double) {
    for unit in units { layer.steps[unit] = layer.deltas[unit] * learningRate }
  }

  /// The weights as they are now, without the padding.
  var weights: [Matrix<Double>] {
    defer { withExtendedLifetime(workspace) {} }
    return wholeSeat.layers.map { layer in
      var matrix = Matrix<Double>(rowCount: layer.inputCount, columnCount: layer.outputCount)
      matrix.withUnsafeMutableElements { elements in
        layer.forEachWeight { weight, element in elements[element] = weight.pointee }
      }
      return matrix
    }
  }
}
