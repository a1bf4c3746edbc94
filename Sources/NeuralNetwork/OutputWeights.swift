internal import Matrices

/// The weights into the outputs, of which each worker has a copy that it changes as the others change theirs: they are few, and
/// to change them takes less time than to read what another core has changed.
struct OutputWeights<Scalar: KernelScalar> {
  private let copies: [WeightPanels<Scalar>]
  /// The optimizer's numbers for each copy, in the layout of its panels.
  private let first: [WeightPanels<Scalar>?]
  private let second: [WeightPanels<Scalar>?]
  /// The gradient, by parts of a batch, one after the other, in the same layout.
  private let parts: UnsafeMutablePointer<Scalar>
  private let partCount: Int
  /// For each copy room for the gradient.
  private let gradients: [UnsafeMutablePointer<Scalar>]

  /// - Parameters:
  ///   - weights: the weights, which are one of the copies.
  ///   - partCount: the parts of a batch that gradients are computed for.
  init(
    _ weights: WeightPanels<Scalar>, copyCount: Int, partCount: Int, optimizer: Optimizer, in workspace: Workspace
  ) {
    func panels() -> WeightPanels<Scalar> {
      WeightPanels(inputCount: weights.inputCount, outputCount: weights.outputCount, in: workspace)
    }
    copies = (0..<copyCount).map { copy in
      if copy == 0 { return weights }
      let panels = panels()
      panels.elements.update(from: weights.elements, count: weights.elementCount)
      return panels
    }
    first = copies.map { _ in optimizer.stateCount >= 1 ? panels() : nil }
    second = copies.map { _ in optimizer.stateCount >= 2 ? panels() : nil }
    parts = workspace.allocate(count: partCount * weights.elementCount)
    self.partCount = partCount
    gradients = copies.map { workspace.allocate(count: $0.elementCount) }
  }

  /// A worker's copy.
  subscript(copy: Int) -> WeightPanels<Scalar> { copies[copy] }

  /// Computes a part of the gradient of the weights out of some units: aᵀ · delta for a part of a batch.
  ///
  /// - Parameters:
  ///   - a: these units of the part's samples.
  ///   - deltas: the outputs' deltas of these samples.
  func computeGradient(
    of units: Range<Int>, part: Int, _ a: RowsPointer<Scalar>, deltas: RowsPointer<Scalar>, sampleCount: Int,
    _ kernels: BatchKernels<Scalar>
  ) {
    let weights = copies[0]
    for panel in 0..<weights.panelCount {
      kernels.multiply(
        a, isTransposed: true, panel: deltas.start + panel * weights.width, panelStride: deltas.stride,
        width: weights.width, rowCount: units.count, depth: sampleCount,
        into: RowsPointer(
          parts + part * weights.elementCount + panel * weights.panelStride + units.lowerBound * weights.width,
          stride: weights.width))
    }
  }

  /// Changes a copy by the gradient, of which all parts are there.
  func update(_ rule: KernelUpdate, copy: Int, _ kernels: BatchKernels<Scalar>) {
    let (weights, gradient) = (copies[copy], gradients[copy])
    kernels.sumPanels(
      RowsPointer(parts, stride: 0), panelCount: partCount, panelStride: weights.elementCount, rowCount: 1,
      columnCount: weights.elementCount, into: RowsPointer(gradient, stride: 0))
    kernels.update(
      rule, weights: weights.elements, first: first[copy]?.elements, second: second[copy]?.elements,
      gradients: gradient, count: weights.elementCount)
  }
}
