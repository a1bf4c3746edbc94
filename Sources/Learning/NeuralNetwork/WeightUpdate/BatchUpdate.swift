internal import Workers

/// The gradients of a batch, and the optimizer that changes the weights by them, row by row or strip by strip: no gradient
/// of a whole layer is ever in memory.
///
/// The first layer's gradient is mostly made of zeros where the samples are: for each pixel only the samples that have it
/// count. So a batch's samples are listed by pixels too. Where units are listed, their deltas come with the gradient of the
/// weights out of them, as both read the same rows of the next layer's deltas: a gradient is a sum of such rows, a delta the
/// dot product of one with the unit's weights.
final class BatchUpdate<Scalar: KernelScalar> {
  /// Rows of weights whose gradient is computed before the optimizer gets them.
  private static var rowsPerStrip: Int { 48 }

  private let forward: BatchForward<Scalar>
  private let deltas: [Deltas<Scalar>]
  private let pool: WorkerPool
  private let stateCount: Int
  /// The optimizer's numbers for each layer, in the layout of its panels.
  private let first: [WeightPanels<Scalar>]
  private let second: [WeightPanels<Scalar>]

  /// For each layer of weights the samples for which each unit of its input is not 0; nil where that is not listed.
  private let activeSamples: [ActiveSamples<Scalar>?]
  /// For each worker room for some units of all samples, to list them.
  private let unitBlocks: [UnsafeMutablePointer<Scalar>]

  private let ones: UnsafeMutablePointer<Scalar>
  /// For each worker the deltas of a group of panels, `[capacity, group]`, and a strip of gradients.
  private let deltaGroups: [UnsafeMutablePointer<Scalar>]
  private let strips: [UnsafeMutablePointer<Scalar>]
  private let workspace = Workspace()

  init(
    _ forward: BatchForward<Scalar>, deltas: [Deltas<Scalar>], optimizer: Optimizer, pool: WorkerPool
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
    let groupWidth = Deltas<Scalar>.panelsPerGroup * Scalar.panelWidth
    activeSamples = forward.layers.enumerated().map { layer, weights in
      forward.isListed(layer: layer)
        ? ActiveSamples(unitCount: weights.inputCount, capacity: capacity, width: groupWidth, in: workspace) : nil
    }
    let hasUnitBlocks = activeSamples.contains { $0 != nil }
    unitBlocks = (0..<pool.threadCount).map { _ in
      workspace.allocate(count: hasUnitBlocks ? ActiveSamples<Scalar>.blockCount(of: capacity) : 0)
    }
    ones = workspace.allocate(count: capacity)
    ones.update(repeating: 1, count: capacity)
    deltaGroups = (0..<pool.threadCount).map { _ in workspace.allocateUntouched(count: capacity * groupWidth) }
    strips = (0..<pool.threadCount).map { _ in workspace.allocate(count: Self.rowsPerStrip * groupWidth) }
  }

  /// Lists the samples for which some of a layer's inputs are not 0, where that is listed.
  func list(layer: Int, inputs: Range<Int>, sampleCount: Int, worker: Int) {
    activeSamples[layer]?.fill(
      inputs, from: forward.results[layer - 1], sampleCount: sampleCount, block: unitBlocks[worker], forward.kernels)
  }

  /// Changes some rows of a listed layer's weights, and writes the deltas of the units that the rows belong to, without
  /// dropout. The rows begin where a cache line of units does.
  func runListed(layer: Int, rows: Range<Int>, sampleCount: Int, _ rule: KernelUpdate, worker: Int) {
    guard let samples = activeSamples[layer] else { preconditionFailure("the layer is not listed") }
    let (weights, kernels) = (forward.layers[layer], forward.kernels)
    for group in Deltas<Scalar>.groups(of: 0..<weights.panelCount) {
      let deltas = groupedDeltas(layer: layer, group, sampleCount: sampleCount, worker: worker)
      let columnCount = group.count * weights.width
      for strip in rows.parts(size: Self.rowsPerStrip) {
        samples.gradients(
          of: strip, weights: weights[group.lowerBound] + strip.lowerBound * weights.width,
          weightsPanelStride: weights.panelStride, isFirst: group.lowerBound == 0,
          deltas: deltas, columnCount: columnCount,
          into: RowsPointer(strips[worker], stride: weights.width), panelStride: strip.count * weights.width,
          width: weights.width, kernels)
        apply(rule, layer: layer, rows: strip, panels: group, worker: worker)
      }
    }
    let units = rows.clamped(to: 0..<forward.layers[layer - 1].outputCount)
    samples.writeDeltas(of: units, sampleCount: sampleCount, into: deltas[layer - 1].rows, kernels)
  }

  /// Changes some rows of some panels of the weights of a layer that is not listed.
  ///
  /// - Parameters:
  ///   - input: the batch, as the first layer reads it; where its samples are lists, only for which features those are.
  ///   - pixels: for each pixel the samples of the batch that have it, where samples are bytes.
  func run(
    layer: Int, rows: Range<Int>, panels: Range<Int>, sampleCount: Int, _ rule: KernelUpdate,
    input: BatchInput<Scalar>? = nil, pixels: ByteLists<Scalar>? = nil, worker: Int
  ) {
    for group in Deltas<Scalar>.groups(of: panels) {
      let deltas = groupedDeltas(layer: layer, group, sampleCount: sampleCount, worker: worker)
      var start = rows.lowerBound
      if let input, let pixels {
        let features = rows.clamped(to: 0..<input.featureCount)
        updateByPixels(rule, pixels, features, panels: group, deltas: deltas)
        start = max(start, features.upperBound)
      }
      for strip in (start..<max(start, rows.upperBound)).parts(size: Self.rowsPerStrip) {
        computeGradients(
          layer: layer, rows: strip, panels: group, deltas: deltas, sampleCount: sampleCount, input: input,
          worker: worker)
        apply(rule, layer: layer, rows: strip, panels: group, worker: worker)
      }
    }
  }

  /// The deltas of a group of panels, close together: copied, where they are not.
  private func groupedDeltas(
    layer: Int, _ group: Range<Int>, sampleCount: Int, worker: Int
  ) -> RowsPointer<Scalar> {
    let columnCount = group.count * forward.layers[layer].width
    let from = deltas[layer].panel(group.lowerBound)
    if from.stride == columnCount { return from }
    let group = RowsPointer(deltaGroups[worker], stride: columnCount)
    for place in 0..<sampleCount {
      group.from(row: place).start.update(from: from.from(row: place).start, count: columnCount)
    }
    return group
  }

  /// aᵀ · delta for some rows, a panel's strip after the other.
  private func computeGradients(
    layer: Int, rows: Range<Int>, panels: Range<Int>, deltas: RowsPointer<Scalar>, sampleCount: Int,
    input: BatchInput<Scalar>?, worker: Int
  ) {
    let width = forward.layers[layer].width
    let (strip, kernels) = (strips[worker], forward.kernels)

    func multiply(_ a: RowsPointer<Scalar>, isTransposed: Bool) {
      for panel in 0..<panels.count {
        kernels.multiply(
          a, isTransposed: isTransposed, panel: deltas.start + panel * width, panelStride: deltas.stride, width: width,
          rowCount: rows.count, depth: sampleCount,
          into: RowsPointer(strip + panel * rows.count * width, stride: width))
      }
    }
    if let input, input.isSparse {
      // Only the constant 1 is not among the lists.
      return multiply(RowsPointer(ones, stride: 0), isTransposed: false)
    }
    let a = input?.rows ?? forward.results[layer - 1]
    multiply(a.from(row: 0, column: rows.lowerBound), isTransposed: true)
  }

  /// Changes the weights out of some pixels, each by the samples that have it.
  private func updateByPixels(
    _ rule: KernelUpdate, _ pixels: ByteLists<Scalar>, _ features: Range<Int>, panels: Range<Int>,
    deltas: RowsPointer<Scalar>
  ) {
    let weights = forward.layers[0]
    forward.kernels.combineAndUpdate(
      rule, weights: weights[panels.lowerBound], first: stateCount >= 1 ? first[0][panels.lowerBound] : nil,
      second: stateCount >= 2 ? second[0][panels.lowerBound] : nil, panelStride: weights.panelStride,
      width: weights.width, by: pixels, features,
      matrix: deltas, columnCount: panels.count * weights.width)
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

extension Range<Int> {
  /// One of the parts of so many elements that it consists of; the last one may have fewer.
  func part(_ part: Int, size: Int) -> Range {
    let start = lowerBound + part * size
    return start..<Swift.min(start + size, upperBound)
  }

  /// All of these parts.
  func parts(size: Int) -> some Sequence<Range<Int>> {
    (0..<(count + size - 1) / size).lazy.map { part($0, size: size) }
  }
}
