/// Weights out of units, in panels of these, `[outputs, panel's width]` each. Only pointers.
struct UnitPanels<Scalar: KernelScalar> {
  fileprivate let start: UnsafeMutablePointer<Scalar>
  fileprivate let size: Int

  subscript(panel: Int) -> UnsafeMutablePointer<Scalar> { start + panel * size }
}

/// The weights into the outputs, of which each worker has a copy that it changes as the others change theirs: they are few, and
/// to change them takes less time than to read what another core has changed.
///
/// There are far more units than outputs. So weights are changed in panels of units, `[outputs, width]` each, in which no lane of
/// a vector is idle, and the way back takes them as they are. Only for the way forward they are transposed.
struct OutputWeights<Scalar: KernelScalar> {
  /// For the way forward, `[units and constant, outputs]`.
  private let wayForward: [WeightPanels<Scalar>]
  /// What is changed: panels of the weights out of the units, and then of those out of the constant, `[outputs]`.
  private let weights: [UnsafeMutablePointer<Scalar>]
  /// The optimizer's numbers for each copy, in the same layout.
  private let first: [UnsafeMutablePointer<Scalar>?]
  private let second: [UnsafeMutablePointer<Scalar>?]
  /// The gradient, by parts of a batch, one after the other, in the same layout.
  private let parts: UnsafeMutablePointer<Scalar>
  private let partCount: Int
  /// For each copy room for the gradient.
  private let gradients: [UnsafeMutablePointer<Scalar>]

  private let unitCount: Int
  private let hasConstant: Bool
  /// The units of a panel.
  private let width: Int
  private let panelCount: Int
  /// The rows of a panel: the outputs, with zeros up to whole fours.
  private let rowCount: Int
  private var panelSize: Int { rowCount * width }
  /// A copy's weights, all together.
  private let elementCount: Int

  /// - Parameters:
  ///   - outputs: the weights into the outputs, which are one of the copies for the way forward.
  ///   - units: those into the units.
  ///   - partCount: the parts of a batch that gradients are computed for.
  init(
    _ outputs: WeightPanels<Scalar>, units: WeightPanels<Scalar>, copyCount: Int, partCount: Int, optimizer: Optimizer,
    kernels: BatchKernels<Scalar>, in workspace: Workspace
  ) {
    wayForward = (0..<copyCount).map { copy in
      copy == 0
        ? outputs
        : WeightPanels(inputCount: outputs.inputCount, outputCount: outputs.outputCount, in: workspace)
    }
    (unitCount, hasConstant) = (units.outputCount, outputs.inputCount > units.outputCount)
    (width, panelCount) = (units.width, units.panelCount)
    rowCount = (outputs.outputCount + 3) / 4 * 4
    let elementCount = panelCount * rowCount * width + outputs.paddedOutputCount
    self.elementCount = elementCount
    func room() -> UnsafeMutablePointer<Scalar> { workspace.allocate(count: elementCount) }
    weights = wayForward.map { _ in room() }
    first = wayForward.map { _ in optimizer.stateCount >= 1 ? room() : nil }
    second = wayForward.map { _ in optimizer.stateCount >= 2 ? room() : nil }
    gradients = wayForward.map { _ in room() }
    parts = workspace.allocate(count: partCount * elementCount)
    self.partCount = partCount
    for copy in 0..<copyCount {
      for output in 0..<outputs.outputCount {
        let from = outputs[output / outputs.width] + output % outputs.width
        for unit in 0..<unitCount {
          panels(of: copy)[unit / width][output * width + unit % width] = from[unit * outputs.width]
        }
        if hasConstant { constant(of: weights[copy])[output] = from[unitCount * outputs.width] }
      }
      transpose(copy, kernels)
    }
  }

  /// A worker's copy, for the way forward.
  subscript(copy: Int) -> WeightPanels<Scalar> { wayForward[copy] }

  /// A worker's copy of the weights out of the units, for the way back.
  func panels(of copy: Int) -> UnitPanels<Scalar> { UnitPanels(start: weights[copy], size: panelSize) }

  /// The weights out of the constant in a copy, or the part of a gradient that belongs to them.
  private func constant(of copy: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar> {
    copy + panelCount * panelSize
  }

  /// Computes a part of the gradient of the weights out of some panels of units: deltaᵀ · a for a part of a batch. Those out of
  /// the constant go with the last panel.
  ///
  /// - Parameters:
  ///   - a: the units of the part's samples.
  ///   - deltas: the outputs' deltas of these samples.
  func computeGradient(
    of panels: Range<Int>, part: Int, _ a: RowsPointer<Scalar>, deltas: RowsPointer<Scalar>, sampleCount: Int,
    _ kernels: BatchKernels<Scalar>
  ) {
    let gradient = parts + part * elementCount
    for panel in panels {
      kernels.multiply(
        deltas, isTransposed: true, panel: a.from(row: 0, column: panel * width).start, panelStride: a.stride,
        width: width, rowCount: rowCount, depth: sampleCount,
        into: RowsPointer(gradient + panel * panelSize, stride: width))
    }
    guard panels.upperBound == panelCount else { return }
    // What stands behind the last unit is no unit.
    for row in 0..<rowCount {
      for column in unitCount - (panelCount - 1) * width..<width {
        gradient[(panelCount - 1) * panelSize + row * width + column] = 0
      }
    }
    guard hasConstant else { return }
    let outputs = wayForward[0]
    for panel in 0..<outputs.panelCount {
      kernels.multiply(
        a.from(row: 0, column: unitCount), isTransposed: true, panel: deltas.start + panel * outputs.width,
        panelStride: deltas.stride, width: outputs.width, rowCount: 1, depth: sampleCount,
        into: RowsPointer(constant(of: gradient) + panel * outputs.width, stride: outputs.width))
    }
  }

  /// Changes a copy by the gradient, of which all parts are there.
  func update(_ rule: KernelUpdate, copy: Int, _ kernels: BatchKernels<Scalar>) {
    kernels.sumPanels(
      RowsPointer(parts, stride: 0), panelCount: partCount, panelStride: elementCount, rowCount: 1,
      columnCount: elementCount, into: RowsPointer(gradients[copy], stride: 0))
    kernels.update(
      rule, weights: weights[copy], first: first[copy], second: second[copy], gradients: gradients[copy],
      count: elementCount)
    transpose(copy, kernels)
  }

  /// Transposes a copy for the way forward.
  private func transpose(_ copy: Int, _ kernels: BatchKernels<Scalar>) {
    let to = wayForward[copy]
    for panel in 0..<panelCount {
      for output in 0..<to.panelCount {
        let outputs = output * to.width..<min((output + 1) * to.width, rowCount)
        kernels.transpose(
          RowsPointer(panels(of: copy)[panel] + outputs.lowerBound * width, stride: width), rowCount: outputs.count,
          columnCount: min(unitCount - panel * width, width),
          into: RowsPointer(to[output] + panel * width * to.width, stride: to.width))
      }
    }
    guard hasConstant else { return }
    for output in 0..<to.panelCount {
      (to[output] + unitCount * to.width).update(
        from: constant(of: weights[copy]) + output * to.width, count: to.width)
    }
  }
}
