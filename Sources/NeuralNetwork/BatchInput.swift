internal import Matrices

/// A batch of samples as the first layer reads it: lists of the features that are not 0, where the samples are bytes most
/// of which may be blank; rows of all features otherwise. Behind the features stands the constant 1. Only pointers: the
/// memory belongs to a workspace.
struct BatchInput<Scalar: KernelScalar> {
  /// The samples that there is room for.
  let capacity: Int
  /// Whether the samples are lists.
  var isSparse: Bool { lists != nil }
  private let memory: SampleMemory
  /// The samples without what is blank, where they have been packed.
  private let packed: PackedSamples?
  let featureCount: Int
  private let kernels: BatchKernels<Scalar>

  /// What bytes stand for, where the samples are lists.
  let scale: ByteScale<Scalar>?
  private let lists: ByteLists<Scalar>?

  /// `[capacity, featureCount + 1]`, where the samples are not lists.
  let rows: RowsPointer<Scalar>

  init(
    _ memory: SampleMemory, packed: PackedSamples? = nil, capacity: Int, kernels: BatchKernels<Scalar>,
    in workspace: Workspace
  ) {
    self.memory = memory
    self.packed = packed
    self.capacity = capacity
    self.kernels = kernels
    featureCount = memory.featureCount
    scale =
      Self.blank(of: memory, capacity: capacity) == nil
      ? nil : memory.sparseScale.map { ByteScale($0.table, blank: $0.blank, in: workspace) }
    let length = featureCount
    lists = scale.map { ByteLists(count: capacity, length: length, scale: $0, in: workspace) }
    rows = workspace.allocateRows(count: lists == nil ? capacity : 0, columnCount: featureCount + 1)
  }

  /// The byte that is left out where batches of samples are lists; nil where they are not.
  static func blank(of memory: SampleMemory, capacity: Int) -> UInt8? {
    // Lists by pixels, which a training makes of the samples, are as long as the batch.
    SparseLists<Scalar>.canHold(max(memory.featureCount, capacity)) ? memory.sparseScale?.blank : nil
  }

  /// Puts some of a batch's samples in their places.
  ///
  /// - Parameters:
  ///   - places: the places.
  ///   - samples: the samples of all places.
  ///   - firstListed: the first place that is loaded, if others before these places have been.
  func load(_ places: Range<Int>, of samples: some RandomAccessCollection<Int>, after firstListed: Int? = nil) {
    let firstListed = firstListed ?? places.lowerBound
    func sample(_ place: Int) -> Int { samples[samples.index(samples.startIndex, offsetBy: place)] }
    for place in places {
      guard let lists else {
        let row = rows.from(row: place).start
        memory.write(sample(place), to: row)
        row[featureCount] = 1
        continue
      }
      // Images in random order come from far.
      let ahead = place + Self.samplesAhead
      if ahead < samples.count { prefetch(sample(ahead)) }
      if let packed {
        lists.fill(place, isNext: place > firstListed, from: packed[sample(place)], kernels)
      } else {
        lists.fill(
          place, isNext: place > firstListed, from: memory.bytes(sample(place)), count: featureCount, kernels)
      }
    }
  }

  /// How long before its turn a sample's memory is asked for: in the time that these take to be listed it comes.
  private static var samplesAhead: Int { 4 }

  /// Asks for the memory of a sample that will be loaded soon.
  func prefetch(_ index: Int) {
    if let packed {
      packed.prefetch(index)
    } else if isSparse {
      ByteKernels.prefetch(memory.bytes(index), count: featureCount)
    }
  }

  /// sums = samples · panel for some places of the batch.
  func multiply(
    panel: UnsafeMutablePointer<Scalar>, width: Int, places: Range<Int>, into sums: RowsPointer<Scalar>
  ) {
    if let lists {
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
