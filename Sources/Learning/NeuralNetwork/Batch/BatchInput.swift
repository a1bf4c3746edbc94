internal import Normalization

/// A batch of samples as the first layer reads it: lists of the features that are not 0, where the samples are bytes most
/// of which may be blank; rows of all of them otherwise. Behind the features stands the constant 1.
/// Only pointers: the memory belongs to a workspace.
struct BatchInput<Scalar: KernelScalar> {
  /// The samples that there is room for.
  let capacity: Int
  /// Whether the samples are lists.
  var isSparse: Bool { lists != nil }
  private let memory: SampleMemory
  private let kernels: BatchKernels<Scalar>

  /// The number of features of a sample.
  var featureCount: Int { memory.featureCount }

  /// What bytes stand for, where the samples are lists.
  let scale: ByteScale<Scalar>?
  private let lists: ByteLists<Scalar>?

  /// `[capacity, featureCount + 1]`, where the samples are not lists.
  let rows: RowsPointer<Scalar>

  init(
    _ memory: SampleMemory, capacity: Int, kernels: BatchKernels<Scalar>, in workspace: Workspace
  ) {
    self.memory = memory
    self.capacity = capacity
    self.kernels = kernels
    scale =
      Self.blank(of: memory, capacity: capacity) == nil
      ? nil : memory.sparseScale.map { ByteScale($0.table, blank: $0.blank, in: workspace) }
    lists = scale.map { ByteLists(count: capacity, length: memory.featureCount, scale: $0, in: workspace) }
    rows = workspace.allocateRows(count: lists == nil ? capacity : 0, columnCount: memory.featureCount + 1)
  }

  /// Room for a batch, and for the one after it: the same where one batch is an epoch.
  static func pair(
    _ memory: SampleMemory, capacity: Int, kernels: BatchKernels<Scalar>, in workspace: Workspace
  ) -> (BatchInput, BatchInput) {
    func input() -> BatchInput {
      BatchInput(memory, capacity: capacity, kernels: kernels, in: workspace)
    }
    let first = input()
    return (first, capacity < memory.count ? input() : first)
  }

  /// The byte that is left out where batches of samples are lists; nil where they are not.
  static func blank(of memory: SampleMemory, capacity: Int) -> UInt8? {
    // Lists by pixels, which a training makes of the samples, are as long as the batch.
    SparseLists<Scalar>.canHold(max(memory.featureCount, capacity)) && PackedSamples.canHold(memory)
      ? memory.sparseScale?.blank : nil
  }

  /// Puts some of a batch's samples in their places.
  ///
  /// - Parameters:
  ///   - places: the places.
  ///   - samples: the samples of all places.
  func load(_ places: Range<Int>, of samples: some RandomAccessCollection<Int>) {
    func sample(_ place: Int) -> Int { samples[samples.index(samples.startIndex, offsetBy: place)] }
    for place in places {
      guard let lists else {
        let row = rows.from(row: place).start
        memory.write(sample(place), to: row)
        row[memory.featureCount] = 1
        continue
      }
      // Images in random order come from far.
      let ahead = place + Self.samplesAhead
      if ahead < samples.count { ByteKernels.prefetch(memory.bytes(sample(ahead)), count: memory.featureCount) }
      lists.fill(
        place, isNext: place > places.lowerBound, from: memory.bytes(sample(place)), count: memory.featureCount, kernels
      )
    }
  }

  /// Puts a sample that has been packed in a place, behind the one before it if that was filled last.
  func load(_ place: Int, from packed: PackedBytes, isNext: Bool) {
    lists?.fill(place, isNext: isNext, from: packed, kernels)
  }

  /// How long before its turn a sample's memory is asked for: in the time that these take to be listed it comes.
  private static var samplesAhead: Int { 4 }

  /// sums = samples · the panel, for some places of the batch.
  func multiply(
    panel: UnsafeMutablePointer<Scalar>, width: Int, places: Range<Int>, into sums: RowsPointer<Scalar>
  ) {
    if let lists {
      // The constant 1's row of weights is where the sums start.
      kernels.combine(
        lists, places, start: panel + memory.featureCount * width, matrix: RowsPointer(panel, stride: width),
        columnCount: width, into: sums, panelStride: 0, width: width)
    } else {
      kernels.multiply(
        rows.from(row: places.lowerBound), panel: panel, width: width, rowCount: places.count,
        depth: memory.featureCount + 1, into: sums)
    }
  }
}
