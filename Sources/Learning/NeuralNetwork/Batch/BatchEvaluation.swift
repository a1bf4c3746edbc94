internal import LabelBinarization
internal import Matrices
internal import Normalization
internal import Synchronization
internal import Workers

/// Outputs, costs and accuracy for any number of samples: each worker takes blocks of them through all layers.
final class BatchEvaluation<Scalar: KernelScalar> {
  /// The samples of a block: those of 28x28 pixels and their activations stay in a core's cache.
  private static var blockSize: Int { 64 }

  /// The blocks of so many samples.
  static func blockCount(of sampleCount: Int) -> Int { (sampleCount + blockSize - 1) / blockSize }

  /// A worker's way through the layers, and its room for a block's targets, deltas, costs and right samples.
  private struct Seat {
    let input: BatchInput<Scalar>
    let forward: BatchForward<Scalar>
    let targets: BatchTargets<Scalar>
    let deltas: RowsPointer<Scalar>
    let costs: UnsafeMutablePointer<Double>
    let right: UnsafeMutablePointer<UInt8>

    /// From the sums that enter the outputs of a block's samples to outputs, costs and right samples.
    func finish(_ loss: Loss, _ targets: KernelTargets<Scalar>, smoothing: Double, sampleCount: Int) {
      forward.kernels.finish(
        loss.kernel, sums: sums, targets: targets, deltas: deltas, scale: 1, smoothing: smoothing,
        rowCount: sampleCount, outputCount: forward.layers[forward.layers.count - 1].outputCount, costs: costs,
        right: right)
    }

    /// The sums that enter the outputs, and later the outputs.
    var sums: RowsPointer<Scalar> { forward.results[forward.results.count - 1] }
  }

  private let memory: SampleMemory
  private let pool: WorkerPool
  private let outputCount: Int
  private let workspace = Workspace()
  private let seats: [Seat]

  init(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], memory: SampleMemory, pool: WorkerPool,
    kernels: BatchKernels<Scalar>
  ) {
    self.memory = memory
    self.pool = pool
    outputCount = form.architecture.outputCount
    let (workspace, size, width) = (workspace, Self.blockSize, weights[weights.count - 1].paddedOutputCount)
    seats = (0..<pool.threadCount).map { _ in
      Seat(
        input: BatchInput(memory, capacity: size, kernels: kernels, in: workspace),
        forward: BatchForward(form, weights: weights, capacity: size, kernels: kernels),
        targets: BatchTargets(capacity: size, outputCount: form.architecture.outputCount, in: workspace),
        deltas: workspace.allocateRows(count: size, columnCount: width),
        costs: workspace.allocate(count: size), right: workspace.allocate(count: size))
    }
  }

  /// Calls `body` on the workers with each block of samples after its outputs' sums are there.
  private func run(_ body: (_ block: Range<Int>, _ seat: Seat) -> Void) {
    let start = Atomic<Int>(0)
    pool.run { worker in
      let seat = seats[worker]
      while true {
        // Block by block to whoever comes: a thread may be late.
        let first = start.add(Self.blockSize, ordering: .relaxed).oldValue
        guard first < memory.count else { return }
        let samples = first..<min(memory.count, first + Self.blockSize)
        seat.input.load(0..<samples.count, of: samples)
        seat.forward.run(places: 0..<samples.count, input: seat.input)
        body(samples, seat)
      }
    }
  }

  /// The outputs, `[sampleCount, outputCount]`, and the classes as ``predictions()`` gives them.
  func outputsAndClasses(_ activation: OutputActivation) -> (outputs: Matrix<Double>, classes: [Int]) {
    // The losses' kernel turns sums into outputs; its costs, by targets of 0, are of no interest.
    let loss: Loss = activation == .softmax ? .categoricalCrossEntropy : .article
    var outputs = Matrix<Double>(rowCount: memory.count, columnCount: outputCount)
    let classes = outputs.withUnsafeMutableElements { elements in
      self.classes { samples, seat in
        seat.finish(loss, seat.targets.zeros, smoothing: 0, sampleCount: samples.count)
        for sample in samples {
          let row = seat.sums.from(row: sample - samples.lowerBound).start
          for output in 0..<outputCount { elements[sample * outputCount + output] = Double(row[output]) }
        }
      }
    }
    return (outputs, classes)
  }

  /// The class of the largest sum that enters an output for each sample, `[sampleCount]`: no outputs are needed, nor can they
  /// be rounded to equal ones.
  func predictions() -> [Int] { classes { _, _ in } }

  /// The same, with a call of `body` for each block whose sums are there.
  private func classes(_ body: (_ block: Range<Int>, _ seat: Seat) -> Void) -> [Int] {
    [Int](unsafeUninitializedCapacity: memory.count) { classes, count in
      run { samples, seat in
        for sample in samples {
          let row = seat.sums.from(row: sample - samples.lowerBound).start
          var (largest, place) = (row[0], 0)
          for output in 1..<outputCount {
            // Values are chosen and no way: which one is larger cannot be foreseen.
            place = row[output] > largest ? output : place
            largest = row[output] > largest ? row[output] : largest
          }
          classes[sample] = place
        }
        body(samples, seat)
      }
      count = memory.count
    }
  }

  /// The cost and the accuracy, by a loss and targets for all samples.
  func costAndAccuracy(_ loss: Loss, targets: Targets, smoothing: Double) -> CostAndAccuracy {
    let costs = AlignedBuffer<Double>(count: memory.count)
    let right = AlignedBuffer<UInt8>(count: memory.count)
    run { samples, seat in
      let targets = seat.targets.put(targets, of: samples, at: 0..<samples.count)
      seat.finish(loss, targets, smoothing: smoothing, sampleCount: samples.count)
      (costs.pointer + samples.lowerBound).update(from: seat.costs, count: samples.count)
      (right.pointer + samples.lowerBound).update(from: seat.right, count: samples.count)
    }
    // Added up in the samples' order, whoever computed them.
    var (cost, rightCount) = (0.0, 0)
    for sample in 0..<memory.count {
      cost += costs.pointer[sample]
      rightCount += Int(right.pointer[sample])
    }
    withExtendedLifetime((costs, right)) {}
    return CostAndAccuracy(cost: cost / Double(memory.count), accuracy: Double(rightCount) / Double(memory.count))
  }
}

/// The validation part of a training, and the network as it is.
struct BatchValidation<Scalar: KernelScalar> {
  private let evaluation: BatchEvaluation<Scalar>
  private let targets: Targets
  private let settings: TrainingSettings

  /// Nil where there is no validation part.
  init?(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], _ memory: SampleMemory?, targets: Targets?,
    settings: TrainingSettings, pool: WorkerPool, kernels: BatchKernels<Scalar>
  ) {
    guard let memory, let targets else { return nil }
    evaluation = BatchEvaluation(form, weights: weights, memory: memory, pool: pool, kernels: kernels)
    (self.targets, self.settings) = (targets, settings)
  }

  /// The network's cost and accuracy.
  var costAndAccuracy: CostAndAccuracy {
    evaluation.costAndAccuracy(settings.loss, targets: targets, smoothing: settings.labelSmoothing)
  }
}
