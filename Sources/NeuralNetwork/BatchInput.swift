internal import Matrices

/// A batch of samples as the first layer reads it: lists of the features that are not 0, where the samples are bytes most
/// of which may be blank; rows of all features otherwise. Behind the features stands the constant 1. Only pointers: the
/// memory belongs to a workspace.
struct BatchInput<Scalar: KernelScalar> {
  /// The samples that there is room for.
  let capacity: Int
  /// Whether the samples are lists.
  var isSparse: Bool { scale != nil }
  private let memory: SampleMemory
  private let featureCount: Int
  private let kernels: BatchKernels<Scalar>

  /// What bytes stand for, where the samples are lists.
  let scale: ByteScale<Scalar>?
  private let lists: SparseLists<Scalar>

  /// `[capacity, featureCount + 1]`, where the samples are not lists.
  let rows: RowsPointer<Scalar>

  init(_ memory: SampleMemory, capacity: Int, kernels: BatchKernels<Scalar>, in workspace: Workspace) {
    self.memory = memory
    self.capacity = capacity
    self.kernels = kernels
    featureCount = memory.featureCount
    // Lists by pixels, which a training makes of the samples, are as long as the batch.
    let canBeLists = SparseLists<Scalar>.canHold(max(memory.featureCount, capacity))
    scale = canBeLists ? memory.sparseScale.map { ByteScale($0.table, blank: $0.blank, in: workspace) } : nil
    lists = SparseLists(count: scale == nil ? 0 : capacity, length: featureCount, in: workspace)
    rows = workspace.allocateRows(count: scale == nil ? capacity : 0, columnCount: featureCount + 1)
  }

  /// Puts the sample with an index in a place of the batch.
  func load(_ index: Int, at place: Int) {
    if let scale {
      lists.fill(place, from: memory.bytes(index), count: featureCount, scale: scale, kernels)
    } else {
      let row = rows.from(row: place).start
      memory.write(index, to: row)
      row[featureCount] = 1
    }
  }

  /// Asks for the memory of a sample that will be loaded soon.
  func prefetch(_ index: Int) {
    if isSparse { ByteKernels.prefetch(memory.bytes(index), count: featureCount) }
  }

  /// sums = samples · panel for some places of the batch.
  func multiply(
    panel: UnsafeMutablePointer<Scalar>, width: Int, places: Range<Int>, into sums: RowsPointer<Scalar>
  ) {
    if isSparse {
      // The constant 1's row of weights is where the sums start.
      kernels.combine(
        lists, places, start: panel + featureCount * width,
        matrix: RowsPointer(panel, stride: width), columnCount: width, into: sums, panelStride: 0, width: width)
    } else {
      kernels.multiply(
        rows.from(row: places.lowerBound), panel: panel, width: width, rowCount: places.count,
        depth: featureCount + 1, into: sums)
    }
  }
}
