/// The outputs of a batch in training: what they are to be, what they cost, and their deltas.
final class BatchOutputs<Scalar: KernelScalar> {
  private let forward: BatchForward<Scalar>
  private let deltas: Deltas<Scalar>
  private let targets: Targets
  private let settings: TrainingSettings
  private let workspace = Workspace()
  private let batchTargets: BatchTargets<Scalar>
  private let costs: UnsafeMutablePointer<Double>
  private let right: UnsafeMutablePointer<UInt8>

  /// - Parameter deltas: where the outputs' deltas go.
  init(_ forward: BatchForward<Scalar>, deltas: Deltas<Scalar>, targets: Targets, settings: TrainingSettings) {
    (self.forward, self.deltas, self.targets, self.settings) = (forward, deltas, targets, settings)
    batchTargets = BatchTargets(capacity: forward.capacity, outputCount: targets.outputCount, in: workspace)
    costs = workspace.allocate(count: forward.capacity)
    right = workspace.allocate(count: forward.capacity)
  }

  /// From the sums that enter the outputs to outputs, costs and deltas, for some places of a batch.
  ///
  /// - Parameter indices: the batch's samples.
  func finish(_ places: Range<Int>, of indices: UnsafeBufferPointer<Int>) {
    let last = forward.layers.count - 1
    let targets = batchTargets.put(targets, of: indices[places], at: places)
    forward.kernels.finish(
      settings.loss.kernel, sums: forward.results[last].from(row: places.lowerBound),
      targets: targets, deltas: deltas.rows.from(row: places.lowerBound),
      scale: 1 / Double(indices.count), smoothing: settings.labelSmoothing, rowCount: places.count,
      outputCount: forward.layers[last].outputCount, costs: costs + places.lowerBound, right: right + places.lowerBound)
  }

  /// Adds what a batch of so many samples came to.
  func add(to result: inout BatchResult, sampleCount: Int) {
    // In the samples' order, whoever computed them.
    for place in 0..<sampleCount {
      result.cost += costs[place]
      result.rightCount += Int(right[place])
    }
  }
}
