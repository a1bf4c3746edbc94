internal import Matrices
internal import Workers

/// The way from the output deltas back to the hidden layers', and dropout, which it has to remember. Where units are listed
/// their deltas come with the next layer's gradient, from ``BatchUpdate``.
final class BatchBackward<Scalar: KernelScalar> {
  /// The deltas of what each layer of weights leads to, `[capacity, padded outputs]`; 0 behind the outputs.
  let deltas: [RowsPointer<Scalar>]
  private let forward: BatchForward<Scalar>
  private let activation: KernelActivation
  private let dropout: Double
  private let workspace = Workspace()
  /// What dropout multiplied each hidden unit by, shaped as the deltas.
  private let kept: [RowsPointer<Scalar>]
  /// For each worker a panel of transposed weights.
  private let transposed: [UnsafeMutablePointer<Scalar>]

  init(_ forward: BatchForward<Scalar>, activation: Activation, dropout: Double, pool: WorkerPool) {
    self.forward = forward
    self.activation = activation.kernel
    self.dropout = dropout
    let capacity = forward.capacity
    let workspace = workspace
    func rows(_ weights: WeightPanels<Scalar>) -> RowsPointer<Scalar> {
      workspace.allocateRows(count: capacity, columnCount: weights.paddedOutputCount)
    }
    deltas = forward.layers.map(rows)
    kept = dropout > 0 ? forward.layers.dropLast().map(rows) : []
    let largest = forward.layers.map(\.paddedOutputCount).max() ?? 0
    transposed = (0..<pool.threadCount).map { _ in workspace.allocate(count: largest * Scalar.panelWidth) }
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

  /// Takes dropout into account in the deltas of some samples and of some of a layer's units that came without it. The units
  /// begin where a cache line does, and end there or with the layer's last one; the constant may be among them.
  func applyDropout(toDeltasOf layer: Int, places: Range<Int>, units: Range<Int>) {
    let units = units.clamped(to: 0..<forward.layers[layer].outputCount)
    guard dropout > 0, !units.isEmpty else { return }
    forward.kernels.multiplyElements(
      deltas[layer].from(row: places.lowerBound, column: units.lowerBound),
      by: kept[layer].from(row: places.lowerBound, column: units.lowerBound), rowCount: places.count,
      columnCount: Scalar.paddedLength(units.count))
  }

  /// The deltas of the layer before a layer of weights, for some samples and panels of that layer's units.
  func run(layer: Int, places: Range<Int>, panels: Range<Int>, worker: Int) {
    guard !places.isEmpty else { return }
    let (weights, units) = (forward.layers[layer], forward.layers[layer - 1])
    let kernels = forward.kernels
    let panel = RowsPointer(transposed[worker], stride: units.width)
    for unitPanel in panels {
      let column = unitPanel * units.width
      let unitCount = min(units.outputCount - column, units.width)
      if unitCount < units.width {
        panel.start.update(repeating: 0, count: weights.paddedOutputCount * units.width)
      }
      for weightPanel in 0..<weights.panelCount {
        let outputCount = min(weights.outputCount - weightPanel * weights.width, weights.width)
        kernels.transpose(
          RowsPointer(weights[weightPanel], stride: weights.width).from(row: column), rowCount: unitCount,
          columnCount: outputCount, into: panel.from(row: weightPanel * weights.width))
      }
      let out = deltas[layer - 1].from(row: places.lowerBound, column: column)
      kernels.multiply(
        deltas[layer].from(row: places.lowerBound), panel: panel.start, width: units.width, rowCount: places.count,
        depth: weights.outputCount, into: out)
      applyDropout(toDeltasOf: layer - 1, places: places, units: column..<column + unitCount)
      kernels.multiplySlope(
        of: activation, out, results: forward.results[layer - 1].from(row: places.lowerBound, column: column),
        scale: 1 / (1 - dropout), rowCount: places.count, columnCount: units.width)
    }
  }
}
