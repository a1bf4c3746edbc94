internal import Matrices
internal import Workers

/// The gradients of a batch, and the optimizer that changes the weights by them, row by row or strip by strip: no gradient
/// of a whole layer is ever in memory.
///
/// The first layer's gradient is mostly made of zeros where the samples are: for each pixel only the samples that have it
/// count. So a batch's samples are listed by pixels too. Where units are listed, their layer's gradient comes with the deltas
/// of those units, as both are sums over the same rows.
final class BatchUpdate<Scalar: KernelScalar> {
  /// Rows of weights whose gradient is computed before the optimizer gets them.
  private static var rowsPerStrip: Int { 48 }
  /// Panels that go through a batch together: as many columns as fit the registers.
  private static var panelsPerGroup: Int { 2 }

  private let forward: BatchForward<Scalar>
  private let deltas: [RowsPointer<Scalar>]
  private let pool: WorkerPool
  private let stateCount: Int
  /// The optimizer's numbers for each layer, in the layout of its panels.
  private let first: [WeightPanels<Scalar>]
  private let second: [WeightPanels<Scalar>]

  /// For each layer of weights the samples for which each unit of its input is not 0; nil where that is not listed.
  private let activeSamples: [SegmentedLists<Scalar>?]
  /// For each element of those lists the delta of its unit and sample, before dropout.
  private let activeDeltas: [UnsafeMutablePointer<Scalar>?]
  /// For each worker 16 units of all samples, `[16, capacity in steps of 16]`.
  private let unitBlocks: [UnsafeMutablePointer<Scalar>]

  private let ones: UnsafeMutablePointer<Scalar>
  /// For each worker the deltas of a group of panels, `[capacity, group]`, and a strip of gradients.
  private let deltaGroups: [UnsafeMutablePointer<Scalar>]
  private let strips: [UnsafeMutablePointer<Scalar>]
  private let workspace = Workspace()

  init(
    _ forward: BatchForward<Scalar>, deltas: [RowsPointer<Scalar>], optimizer: Optimizer, pool: WorkerPool
  ) {
    self.forward = forward
    self.deltas = deltas
    self.pool = pool
    stateCount = optimizer.stateCount
    let workspace = workspace
    func state(_ isNeeded: Bool) -> [WeightPanels<Scalar>] {
      isNeeded
        ? forward.layers.map {
          WeightPanels(inputCount: $0.inputCount, outputCount: $0.outputCount, in: workspace)
        } : []
    }
    first = state(stateCount >= 1)
    second = state(stateCount >= 2)

    let capacity = forward.capacity
    let groupWidth = Self.panelsPerGroup * Scalar.panelWidth
    activeSamples = forward.layers.enumerated().map { layer, weights in
      forward.isListed(layer: layer)
        ? SegmentedLists(rowCount: weights.inputCount, columnCount: capacity, width: groupWidth, in: workspace) : nil
    }
    activeDeltas = activeSamples.map { $0.map { workspace.allocateUntouched(count: $0.room) } }
    let hasUnitBlocks = activeSamples.contains { $0 != nil }
    unitBlocks = (0..<pool.threadCount).map { _ in
      workspace.allocate(count: hasUnitBlocks ? 16 * Self.rounded(capacity) : 0)
    }
    ones = workspace.allocate(count: capacity)
    ones.update(repeating: 1, count: capacity)
    deltaGroups = (0..<pool.threadCount).map { _ in workspace.allocate(count: capacity * groupWidth) }
    strips = (0..<pool.threadCount).map { _ in workspace.allocate(count: Self.rowsPerStrip * groupWidth) }
  }

  /// The next multiple of 16, so that each unit's samples begin where vectors do.
  private static func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Lists the samples for which some of a layer's inputs, from a multiple of 16 on, are not 0, where that is listed.
  func list(layer: Int, inputs: Range<Int>, sampleCount: Int, worker: Int) {
    guard let samples = activeSamples[layer] else { return }
    let block = RowsPointer(unitBlocks[worker], stride: Self.rounded(sampleCount))
    for start in stride(from: inputs.lowerBound, to: inputs.upperBound, by: 16) {
      let units = start..<min(start + 16, inputs.upperBound)
      forward.kernels.transpose(
        forward.results[layer - 1].from(row: 0, column: units.lowerBound), rowCount: sampleCount,
        columnCount: units.count, into: block)
      for (row, unit) in units.enumerated() {
        samples.fill(
          unit, isNext: unit > inputs.lowerBound, from: block.from(row: row).start, count: sampleCount,
          forward.kernels)
      }
    }
  }

  /// Changes some rows of some panels of a layer's weights. Of a listed layer, it takes all panels at once, and gets the deltas
  /// of the rows' units on the way.
  ///
  /// - Parameters:
  ///   - input: the batch, as the first layer reads it.
  ///   - pixels: for each pixel the samples of the batch that have it, where samples are bytes.
  func run(
    layer: Int, rows: Range<Int>, panels: Range<Int>, sampleCount: Int, _ rule: KernelUpdate,
    input: BatchInput<Scalar>, pixels: ByteLists<Scalar>?, worker: Int
  ) {
    var panel = panels.lowerBound
    while panel < panels.upperBound {
      let group = panel..<min(panel + Self.panelsPerGroup, panels.upperBound)
      copyDeltas(layer: layer, group, sampleCount: sampleCount, worker: worker)
      var start = rows.lowerBound
      if layer == 0, let pixels {
        let features = rows.clamped(to: 0..<input.featureCount)
        updateByPixels(rule, pixels, features, panels: group, worker: worker)
        start = max(start, features.upperBound)
      }
      for start in stride(from: start, to: rows.upperBound, by: Self.rowsPerStrip) {
        let strip = start..<min(start + Self.rowsPerStrip, rows.upperBound)
        computeGradients(
          layer: layer, rows: strip, panels: group, sampleCount: sampleCount, input: input, worker: worker)
        apply(rule, layer: layer, rows: strip, panels: group, worker: worker)
      }
      panel = group.upperBound
    }
  }

  /// Writes the deltas of some units before a listed layer, after ``run(layer:rows:panels:sampleCount:_:input:pixels:worker:)``
  /// has been there with all panels at once.
  func writeDeltas(before layer: Int, units: Range<Int>, sampleCount: Int) {
    guard let samples = activeSamples[layer], let numbers = activeDeltas[layer] else { return }
    forward.kernels.scatter(
      numbers, of: samples, units, columnCount: sampleCount,
      into: deltas[layer - 1].from(row: 0, column: units.lowerBound))
  }

  /// The deltas of a group of panels, close together.
  private func copyDeltas(layer: Int, _ group: Range<Int>, sampleCount: Int, worker: Int) {
    let columnCount = group.count * forward.layers[layer].width
    let from = deltas[layer].from(row: 0, column: group.lowerBound * forward.layers[layer].width)
    for place in 0..<sampleCount {
      (deltaGroups[worker] + place * columnCount).update(from: from.from(row: place).start, count: columnCount)
    }
  }

  /// aᵀ · delta for some rows, a panel's strip after the other.
  private func computeGradients(
    layer: Int, rows: Range<Int>, panels: Range<Int>, sampleCount: Int, input: BatchInput<Scalar>, worker: Int
  ) {
    let width = forward.layers[layer].width
    let columnCount = panels.count * width
    let (deltas, strip, kernels) = (deltaGroups[worker], strips[worker], forward.kernels)

    func multiply(_ a: RowsPointer<Scalar>, isTransposed: Bool) {
      for panel in 0..<panels.count {
        kernels.multiply(
          a, isTransposed: isTransposed, panel: deltas + panel * width, panelStride: columnCount, width: width,
          rowCount: rows.count, depth: sampleCount,
          into: RowsPointer(strip + panel * rows.count * width, stride: width))
      }
    }
    if let samples = activeSamples[layer], let activeDeltas = activeDeltas[layer] {
      let weights = forward.layers[layer]
      return kernels.combineAndDot(
        samples, rows, weights: weights[panels.lowerBound] + rows.lowerBound * width,
        weightsPanelStride: weights.panelStride, dots: activeDeltas, isDotsOnto: panels.lowerBound > 0,
        matrix: RowsPointer(deltas, stride: columnCount), columnCount: columnCount,
        into: RowsPointer(strip, stride: width), panelStride: rows.count * width, width: width)
    }
    if layer == 0, input.isSparse {
      // Only the constant 1 is not among the lists.
      return multiply(RowsPointer(ones, stride: 0), isTransposed: false)
    }
    let a = layer == 0 ? input.rows : forward.results[layer - 1]
    multiply(a.from(row: 0, column: rows.lowerBound), isTransposed: true)
  }

  /// Changes the weights out of some pixels, each by the samples that have it.
  private func updateByPixels(
    _ rule: KernelUpdate, _ pixels: ByteLists<Scalar>, _ features: Range<Int>, panels: Range<Int>, worker: Int
  ) {
    let weights = forward.layers[0]
    let columnCount = panels.count * weights.width
    forward.kernels.combineAndUpdate(
      rule, weights: weights[panels.lowerBound], first: stateCount >= 1 ? first[0][panels.lowerBound] : nil,
      second: stateCount >= 2 ? second[0][panels.lowerBound] : nil, panelStride: weights.panelStride,
      width: weights.width, by: pixels, features, matrix: RowsPointer(deltaGroups[worker], stride: columnCount),
      columnCount: columnCount)
  }

  private func apply(_ rule: KernelUpdate, layer: Int, rows: Range<Int>, panels: Range<Int>, worker: Int) {
    let width = forward.layers[layer].width
    let offset = rows.lowerBound * width
    for (index, panel) in panels.enumerated() {
      forward.kernels.update(
        rule, weights: forward.layers[layer][panel] + offset,
        first: stateCount >= 1 ? first[layer][panel] + offset : nil,
        second: stateCount >= 2 ? second[layer][panel] + offset : nil,
        gradients: strips[worker] + index * rows.count * width, count: rows.count * width)
    }
  }
}
