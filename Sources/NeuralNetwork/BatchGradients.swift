internal import Matrices
internal import Workers

/// The gradients of a batch, and the optimizer that changes the weights by them, strip by strip: no gradient of a whole
/// layer is ever in memory.
///
/// The first layer's gradient is mostly made of zeros where the samples are: for each pixel only the samples that have it
/// count. So the batch's bytes are kept once more with pixels as rows.
final class BatchGradients<Scalar: KernelScalar> {
  /// Rows of weights whose gradient is computed before the optimizer gets them.
  private static var stripCount: Int { 48 }
  /// Panels that go through a batch together where samples are bytes: as many columns as fit the registers.
  private static var groupCount: Int { 2 }

  private let forward: BatchForward<Scalar>
  private let deltas: [RowsPointer<Scalar>]
  private let source: SampleSource
  private let pool: WorkerPool
  private let stateCount: Int
  /// The optimizer's numbers for each layer, in the layout of its panels.
  private let first: [WeightPanels<Scalar>]
  private let second: [WeightPanels<Scalar>]

  /// The batch's bytes, `[featureCount, byteStride]`, blank behind the last sample.
  private let bytes: AlignedBuffer<UInt8>
  private let blankImage: AlignedBuffer<UInt8>
  private var byteStride = 0

  private let ones: AlignedBuffer<Scalar>
  /// For each worker the deltas of a group of panels, `[capacity, group]`, and a strip of gradients.
  private let deltaGroups: [AlignedBuffer<Scalar>]
  private let strips: [AlignedBuffer<Scalar>]

  init(
    _ forward: BatchForward<Scalar>, deltas: [RowsPointer<Scalar>], source: SampleSource, optimizer: Optimizer,
    pool: WorkerPool
  ) {
    self.forward = forward
    self.deltas = deltas
    self.source = source
    self.pool = pool
    stateCount = optimizer.stateCount
    func state(_ isNeeded: Bool) -> [WeightPanels<Scalar>] {
      isNeeded ? forward.weights.map { WeightPanels(inputCount: $0.inputCount, outputCount: $0.outputCount) } : []
    }
    first = state(stateCount >= 1)
    second = state(stateCount >= 2)

    let capacity = forward.input.capacity
    let isSparse = forward.input.isSparse
    bytes = AlignedBuffer(count: isSparse ? source.featureCount * Self.rounded(capacity, to: 64) : 0)
    blankImage = AlignedBuffer(count: source.featureCount + 16)
    blankImage.pointer.update(repeating: forward.input.scale.blank, count: source.featureCount)
    ones = AlignedBuffer(count: capacity)
    ones.pointer.update(repeating: 1, count: capacity)
    let groupWidth = Self.groupCount * Scalar.panelWidth
    deltaGroups = (0..<pool.threadCount).map { _ in AlignedBuffer(count: capacity * groupWidth) }
    strips = (0..<pool.threadCount).map { _ in AlignedBuffer(count: Self.stripCount * groupWidth) }
  }

  private static func rounded(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }

  /// A worker's share of turning the batch's bytes to rows of pixels.
  func load(_ indices: UnsafeBufferPointer<Int>, worker: Int) {
    guard forward.input.isSparse else { return }
    let stride = Self.rounded(indices.count, to: 64)
    if worker == 0 { byteStride = stride }
    // Each worker for itself: they all need all of them, and would otherwise have to wait for each other.
    withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: stride) { images in
      for place in 0..<stride {
        images[place] = place < indices.count ? source.bytes(indices[place]) : UnsafePointer(blankImage.pointer)
      }
      let blockCount = source.featureCount / 16
      let blocks = pool.share(of: blockCount, for: worker)
      ByteKernels.transpose(
        UnsafePointer(images.baseAddress!), rowCount: stride, firstColumn: blocks.lowerBound * 16,
        columnCount: blocks.count * 16, into: bytes.pointer + blocks.lowerBound * 16 * stride, stride: stride)
      if worker == pool.threadCount - 1 {
        for feature in blockCount * 16..<source.featureCount {
          for place in 0..<stride { bytes.pointer[feature * stride + place] = images[place]![feature] }
        }
      }
    }
  }

  /// Changes some rows of some panels of a layer's weights.
  func update(
    layer: Int, rows: Range<Int>, panels: Range<Int>, sampleCount: Int, _ update: KernelUpdate, worker: Int
  ) {
    var panel = panels.lowerBound
    while panel < panels.upperBound {
      let group = panel..<min(panel + Self.groupCount, panels.upperBound)
      copyDeltas(layer: layer, group, sampleCount: sampleCount, worker: worker)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.stripCount) {
        let strip = start..<min(start + Self.stripCount, rows.upperBound)
        computeGradients(layer: layer, rows: strip, panels: group, sampleCount: sampleCount, worker: worker)
        apply(update, layer: layer, rows: strip, panels: group, worker: worker)
      }
      panel = group.upperBound
    }
  }

  /// The deltas of a group of panels, close together.
  private func copyDeltas(layer: Int, _ group: Range<Int>, sampleCount: Int, worker: Int) {
    let columnCount = group.count * forward.weights[layer].width
    let from = deltas[layer].from(row: 0, column: group.lowerBound * forward.weights[layer].width)
    for place in 0..<sampleCount {
      (deltaGroups[worker].pointer + place * columnCount).update(from: from.from(row: place).start, count: columnCount)
    }
  }

  /// aᵀ · delta for some rows, a panel's strip after the other.
  private func computeGradients(layer: Int, rows: Range<Int>, panels: Range<Int>, sampleCount: Int, worker: Int) {
    let width = forward.weights[layer].width
    let columnCount = panels.count * width
    let (deltas, strip, kernels) = (deltaGroups[worker].pointer, strips[worker].pointer, forward.kernels)

    func multiply(_ a: RowsPointer<Scalar>, isTransposed: Bool, rowCount: Int, firstRow: Int) {
      for panel in 0..<panels.count {
        kernels.multiply(
          a, isTransposed: isTransposed, panel: deltas + panel * width, panelStride: columnCount, width: width,
          rowCount: rowCount, depth: sampleCount,
          into: RowsPointer(strip + (panel * rows.count + firstRow) * width, stride: width))
      }
    }
    guard layer == 0, forward.input.isSparse else {
      let a = layer == 0 ? forward.input.rows : forward.results[layer - 1]
      return multiply(a.from(row: 0, column: rows.lowerBound), isTransposed: true, rowCount: rows.count, firstRow: 0)
    }
    let pixels = rows.clamped(to: 0..<source.featureCount)
    kernels.combineBytes(
      bytes.pointer + pixels.lowerBound * byteStride, count: byteStride, rowCount: pixels.count,
      scale: forward.input.scale, matrix: deltas, columnCount: columnCount, into: strip,
      panelStride: rows.count * width, width: width)
    if rows.contains(source.featureCount) {
      multiply(RowsPointer(ones.pointer, stride: 0), isTransposed: false, rowCount: 1, firstRow: pixels.count)
    }
  }

  private func apply(_ update: KernelUpdate, layer: Int, rows: Range<Int>, panels: Range<Int>, worker: Int) {
    let width = forward.weights[layer].width
    let offset = rows.lowerBound * width
    for (index, panel) in panels.enumerated() {
      forward.kernels.update(
        update, weights: forward.weights[layer][panel] + offset,
        first: stateCount >= 1 ? first[layer][panel] + offset : nil,
        second: stateCount >= 2 ? second[layer][panel] + offset : nil,
        gradients: strips[worker].pointer + index * rows.count * width, count: rows.count * width)
    }
  }
}
