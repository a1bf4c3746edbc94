/// For each unit that enters a layer of weights the samples of a batch for which it is not 0, and what goes back to it from
/// these: where it is 0 it changes no weight, and ReLU's slope is 0. Only pointers: the memory belongs to a workspace.
struct ActiveSamples<Scalar: KernelScalar> {
  private let lists: SegmentedLists<Scalar>
  /// For each element of the lists the dot product of its unit's weights and its sample's deltas. As ReLU's slope is 1 where a
  /// unit is active, it is the unit's delta, before dropout.
  private let dots: UnsafeMutablePointer<Scalar>

  /// Room for so many samples.
  ///
  /// - Parameter width: the columns of the deltas that are multiplied at once.
  init(unitCount: Int, capacity: Int, width: Int, in workspace: Workspace) {
    lists = SegmentedLists(rowCount: unitCount, columnCount: capacity, width: width, in: workspace)
    dots = workspace.allocateUntouched(count: lists.room)
  }

  /// The units that are listed at once.
  private static var unitsAtOnce: Int { 16 }

  /// The room that ``fill(_:from:sampleCount:block:_:)`` needs.
  static func blockCount(of sampleCount: Int) -> Int { unitsAtOnce * Scalar.paddedLength(sampleCount) }

  /// Lists the samples of some units from `[sampleCount, units]`.
  func fill(
    _ units: Range<Int>, from results: RowsPointer<Scalar>, sampleCount: Int, block: UnsafeMutablePointer<Scalar>,
    _ kernels: BatchKernels<Scalar>
  ) {
    let block = RowsPointer(block, stride: Scalar.paddedLength(sampleCount))
    for some in units.parts(size: Self.unitsAtOnce) {
      kernels.transpose(
        results.from(row: 0, column: some.lowerBound), rowCount: sampleCount, columnCount: some.count, into: block)
      for (row, unit) in some.enumerated() {
        lists.fill(
          unit, isNext: unit > units.lowerBound, from: block.from(row: row).start, count: sampleCount, kernels)
      }
    }
  }

  /// The gradients of some units' weights to some outputs, `[units, columnCount]` in panels, and these outputs' part of what
  /// goes back to the units: both read the same rows of the deltas.
  ///
  /// - Parameters:
  ///   - weights: the weights of the first of the units to the first of the outputs.
  ///   - isFirst: whether no outputs have been there before for these units and this batch.
  ///   - deltas: the outputs' deltas, `[samples, columnCount]`.
  func gradients(
    of units: Range<Int>, weights: UnsafePointer<Scalar>, weightsPanelStride: Int, isFirst: Bool,
    deltas: RowsPointer<Scalar>, columnCount: Int, into out: RowsPointer<Scalar>, panelStride: Int, width: Int,
    _ kernels: BatchKernels<Scalar>
  ) {
    kernels.combineAndDot(
      lists, units, weights: weights, weightsPanelStride: weightsPanelStride, dots: dots, isDotsOnto: !isFirst,
      matrix: deltas, columnCount: columnCount, into: out, panelStride: panelStride, width: width)
  }

  /// Writes the deltas of some units, `[sampleCount, units]`, when all outputs have been there. They begin where a cache line
  /// does.
  func writeDeltas(
    of units: Range<Int>, sampleCount: Int, into deltas: RowsPointer<Scalar>, _ kernels: BatchKernels<Scalar>
  ) {
    kernels.scatter(
      dots, of: lists, units, columnCount: sampleCount, into: deltas.from(row: 0, column: units.lowerBound))
  }
}
