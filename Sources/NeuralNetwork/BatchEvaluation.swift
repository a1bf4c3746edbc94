internal import Matrices
internal import Workers

/// Outputs, costs and accuracy for any number of samples: each worker takes blocks of them through all layers.
final class BatchEvaluation<Scalar: KernelScalar> {
  /// Samples of 28x28 pixels and their activations stay in a core's cache.
  private static var blockSize: Int { 64 }

  private let memory: SampleMemory
  private let pool: WorkerPool
  private let outputCount: Int
  private let workers: [BatchForward<Scalar>]
  private let outputStride: Int

  init(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], memory: SampleMemory, pool: WorkerPool,
    kernels: BatchKernels<Scalar>
  ) {
    self.memory = memory
    self.pool = pool
    outputCount = form.architecture.outputCount
    workers = (0..<pool.threadCount).map { _ in
      BatchForward(form, weights: weights, memory: memory, capacity: Self.blockSize, kernels: kernels)
    }
    outputStride = weights[weights.count - 1].paddedOutputCount
  }

  /// Calls `body` on the workers with each block of samples after its outputs' sums are there.
  private func run(_ body: (_ block: Range<Int>, _ forward: BatchForward<Scalar>) -> Void) {
    let blockCount = (memory.count + Self.blockSize - 1) / Self.blockSize
    pool.run { worker in
      for block in pool.share(of: blockCount, for: worker) {
        let samples = block * Self.blockSize..<min(memory.count, (block + 1) * Self.blockSize)
        for (place, sample) in samples.enumerated() { workers[worker].input.load(sample, at: place) }
        workers[worker].run(places: 0..<samples.count)
        body(samples, workers[worker])
      }
    }
  }

  /// The outputs, `[sampleCount, outputCount]`.
  func outputs(_ activation: OutputActivation) -> Matrix<Double> {
    // The losses' kernel turns sums into outputs; its costs, by targets of 0, are of no interest.
    let loss: Loss = activation == .softmax ? .categoricalCrossEntropy : .article
    var outputs = Matrix<Double>(rowCount: memory.count, columnCount: outputCount)
    outputs.withUnsafeMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      run { samples, forward in
        let sums = forward.results[forward.results.count - 1]
        finish(sums, samples, targets: nil, loss: loss, smoothing: 0, costs: nil, right: nil, forward.kernels)
        for (place, sample) in samples.enumerated() {
          let row = sums.from(row: place).start
          for output in 0..<outputCount { elements[sample * outputCount + output] = Double(row[output]) }
        }
      }
    }
    return outputs
  }

  /// The cost and the accuracy, by a loss and targets for all samples.
  func quality(_ loss: Loss, targets: Targets, smoothing: Double) -> Quality {
    let costs = AlignedBuffer<Double>(count: memory.count)
    let right = AlignedBuffer<UInt8>(count: memory.count)
    run { samples, forward in
      finish(
        forward.results[forward.results.count - 1], samples, targets: targets, loss: loss, smoothing: smoothing,
        costs: costs.pointer + samples.lowerBound, right: right.pointer + samples.lowerBound, forward.kernels)
    }
    // Added up in the samples' order, whoever computed them.
    var (cost, rightCount) = (0.0, 0)
    for sample in 0..<memory.count {
      cost += costs.pointer[sample]
      rightCount += Int(right.pointer[sample])
    }
    withExtendedLifetime((costs, right)) {}
    return Quality(cost: cost / Double(memory.count), accuracy: Double(rightCount) / Double(memory.count))
  }

  private func finish(
    _ sums: RowsPointer<Scalar>, _ samples: Range<Int>, targets: Targets?, loss: Loss, smoothing: Double,
    costs: UnsafeMutablePointer<Double>?, right: UnsafeMutablePointer<UInt8>?, _ kernels: BatchKernels<Scalar>
  ) {
    let wanted = AlignedBuffer<Scalar>(count: samples.count * outputStride)
    let deltas = AlignedBuffer<Scalar>(count: samples.count * outputStride)
    let spareCosts = AlignedBuffer<Double>(count: samples.count)
    let spareRight = AlignedBuffer<UInt8>(count: samples.count)
    if let targets {
      for (place, sample) in samples.enumerated() {
        targets.write(sample, to: wanted.pointer + place * outputStride)
      }
    }
    kernels.finish(
      loss.kernel, sums: sums, targets: RowsPointer(wanted.pointer, stride: outputStride),
      deltas: RowsPointer(deltas.pointer, stride: outputStride), scale: 1, smoothing: smoothing,
      rowCount: samples.count, outputCount: outputCount, costs: costs ?? spareCosts.pointer,
      right: right ?? spareRight.pointer)
    withExtendedLifetime((wanted, deltas, spareCosts, spareRight)) {}
  }
}
