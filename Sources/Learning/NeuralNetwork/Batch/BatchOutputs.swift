internal import LabelBinarization

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

/// What is wanted of the outputs for some samples, in a row of places as the kernels read it. Only pointers.
struct BatchTargets<Scalar: KernelScalar> {
  /// For targets that are numbers, `[capacity, padded outputs]`; all 0 at first.
  private let rows: RowsPointer<Scalar>
  /// For those that are classes, `[capacity]`.
  private let classes: UnsafeMutablePointer<UInt16>

  init(capacity: Int, outputCount: Int, in workspace: Workspace) {
    rows = workspace.allocateRows(count: capacity, columnCount: outputCount)
    classes = workspace.allocate(count: capacity)
  }

  /// Puts samples' targets in some places. Returns them as the kernels take them.
  func put(
    _ targets: Targets, of samples: some RandomAccessCollection<Int>, at places: Range<Int>
  ) -> KernelTargets<Scalar> {
    for (place, sample) in zip(places, samples) {
      if targets.areClasses {
        classes[place] = targets.class(of: sample)
      } else {
        targets.write(sample, to: rows.from(row: place).start)
      }
    }
    let first = places.lowerBound
    return targets.areClasses ? .classes(UnsafePointer(classes + first)) : .rows(rows.from(row: first))
  }

  /// Targets of 0, where none have been put.
  var zeros: KernelTargets<Scalar> { .rows(rows) }
}
