internal import Workers

/// The way from the output deltas back to the hidden layers', and dropout, which it has to remember. Where units are listed
/// their deltas come with the next layer's gradient, from ``BatchUpdate``.
final class BatchBackward<Scalar: KernelScalar> {
  /// The deltas of what each layer of weights leads to.
  let deltas: [Deltas<Scalar>]
  private let forward: BatchForward<Scalar>
  private let activation: KernelActivation
  private let dropout: Double
  private let workspace = Workspace()
  /// What dropout multiplied each hidden unit by, shaped as the results.
  private let kept: [RowsPointer<Scalar>]
  /// For each worker a panel of transposed weights.
  private let transposed: [UnsafeMutablePointer<Scalar>]

  init(
    _ forward: BatchForward<Scalar>, activation: Activation, dropout: Double, pool: WorkerPool
  ) {
    self.forward = forward
    self.activation = activation.kernel
    self.dropout = dropout
    let workspace = workspace
    let capacity = forward.capacity
    deltas = forward.layers.enumerated().map { layer, weights in
      switch (layer, forward.layers.count) {
      case (0, 2): Deltas(of: weights, rowCount: capacity, .groups, in: workspace)
      default: Deltas(of: weights, rowCount: capacity, .rows, in: workspace)
      }
    }
    kept =
      dropout > 0
      ? forward.layers.dropLast().map { workspace.allocateRows(count: capacity, columnCount: $0.paddedOutputCount) }
      : []
    let largest = forward.layers.map(\.paddedOutputCount).max() ?? 0
    transposed = (0..<pool.threadCount).map { _ in workspace.allocateUntouched(count: largest * Scalar.panelWidth) }
  }

  /// Leaves out hidden units at random, for some samples and panels of a layer.
  func drop(layer: Int, places: Range<Int>, panels: Range<Int>, key: UInt64) {
    let weights = forward.layers[layer]
    let column = panels.lowerBound * weights.width
    // Up to the last unit: what stands behind it may be the constant.
    let columnCount = min(weights.outputCount, panels.upperBound * weights.width) - column
    guard columnCount > 0, !places.isEmpty else { return }
    forward.kernels.drop(
      dropout, of: forward.results[layer].from(row: places.lowerBound, column: column),
      kept: kept[layer].from(row: places.lowerBound, column: column), key: key, firstRow: places.lowerBound,
      firstColumn: column, rowCount: places.count, columnCount: columnCount)
  }

  /// Takes dropout into account in the deltas of a batch's samples and of some of a layer's units that came without it. The
  /// units begin where a cache line does, and end there or with the layer's last one; the constant may be among them.
  func applyDropout(toDeltasOf layer: Int, sampleCount: Int, units: Range<Int>) {
    let units = units.clamped(to: 0..<forward.layers[layer].outputCount)
    guard dropout > 0, !units.isEmpty else { return }
    forward.kernels.multiplyElements(
      deltas[layer].rows.from(row: 0, column: units.lowerBound), by: kept[layer].from(row: 0, column: units.lowerBound),
      rowCount: sampleCount, columnCount: Scalar.paddedLength(units.count))
  }

  /// The deltas of the layer before a layer of weights, for some samples and panels of that layer's units.
  func run(
    layer: Int, places: Range<Int>, panels: Range<Int>, worker: Int
  ) {
    guard !places.isEmpty else { return }
    let (weights, units, kernels) = (forward.layers[layer], forward.layers[layer - 1], forward.kernels)
    let (row, scale) = (places.lowerBound, 1 / (1 - dropout))
    for panel in panels {
      let unitPanel = transposed[worker]
      transpose(weights, unitPanel: panel, of: units, into: unitPanel)
      let column = panel * units.width
      let from = deltas[layer].rows.from(row: row)
      let into = deltas[layer - 1].panel(panel).from(row: row)
      kernels.multiplyBack(
        through: activation, results: forward.results[layer - 1].from(row: row, column: column),
        kept: dropout > 0 ? kept[layer - 1].from(row: row, column: column) : nil, scale: scale, from,
        panel: unitPanel, width: units.width, rowCount: places.count, depth: weights.outputCount, into: into)
    }
  }

  /// The weights out of a panel of units, `[outputs, panel's width]`.
  private func transpose(
    _ weights: WeightPanels<Scalar>, unitPanel: Int, of units: WeightPanels<Scalar>,
    into transposed: UnsafeMutablePointer<Scalar>
  ) {
    let column = unitPanel * units.width
    let unitCount = min(units.outputCount - column, units.width)
    if unitCount < units.width {
      transposed.update(repeating: 0, count: weights.paddedOutputCount * units.width)
    }
    for weightPanel in 0..<weights.panelCount {
      let outputCount = min(weights.outputCount - weightPanel * weights.width, weights.width)
      forward.kernels.transpose(
        RowsPointer(weights[weightPanel], stride: weights.width).from(row: column), rowCount: unitCount,
        columnCount: outputCount,
        into: RowsPointer(transposed, stride: units.width).from(row: weightPanel * weights.width))
    }
  }
}
