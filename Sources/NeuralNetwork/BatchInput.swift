internal import Matrices

/// A batch of samples as the first layer reads it: lists of the features that are not 0, where the samples are bytes most
/// of which may be blank; rows of all features otherwise. Behind the features stands the constant 1.
final class BatchInput<Scalar: KernelScalar> {
  /// The samples that there is room for.
  let capacity: Int
  /// Whether the samples are lists.
  let isSparse: Bool
  private let source: SampleSource
  private let featureCount: Int
  private let kernels: BatchKernels<Scalar>

  /// What bytes stand for, `[256]`, where the samples are lists.
  private let table: AlignedBuffer<Scalar>
  private let blank: UInt8
  /// Lists of up to `featureCount + 1` elements; the kernel may write some indices more.
  private let listStride: Int
  private let indices: AlignedBuffer<UInt32>
  private let values: AlignedBuffer<Scalar>
  private let counts: AlignedBuffer<UInt32>

  /// `[capacity, rowStride]`, where the samples are not lists.
  private let rowBuffer: AlignedBuffer<Scalar>
  private let rowStride: Int

  init(_ source: SampleSource, capacity: Int, kernels: BatchKernels<Scalar>) {
    self.source = source
    self.capacity = capacity
    self.kernels = kernels
    featureCount = source.featureCount
    let scale = source.sparseScale
    isSparse = scale != nil
    listStride = featureCount + 17
    rowStride = Scalar.paddedLength(featureCount + 1)
    indices = AlignedBuffer(count: isSparse ? capacity * listStride : 0)
    values = AlignedBuffer(count: isSparse ? capacity * listStride : 0)
    counts = AlignedBuffer(count: capacity)
    rowBuffer = AlignedBuffer(count: isSparse ? 0 : capacity * rowStride)
    table = AlignedBuffer(count: 256)
    blank = scale?.blank ?? 0
    if let scale { for byte in 0..<256 { table.pointer[byte] = Scalar(scale.table[byte]) } }
  }

  /// What bytes stand for.
  var scale: ByteScale<Scalar> { ByteScale(table: table.pointer, blank: blank) }

  /// The samples as rows, `[capacity, featureCount + 1]`.
  var rows: RowsPointer<Scalar> { RowsPointer(rowBuffer.pointer, stride: rowStride) }

  /// Puts the sample with an index in a place of the batch.
  func load(_ index: Int, at place: Int) {
    guard isSparse else {
      let row = rowBuffer.pointer + place * rowStride
      source.write(index, to: row)
      row[featureCount] = 1
      return
    }
    let (listIndices, listValues) = (indices.pointer + place * listStride, values.pointer + place * listStride)
    let found = kernels.list(
      source.bytes(index), count: featureCount, scale: scale, indices: listIndices, values: listValues)
    listIndices[found] = UInt32(truncatingIfNeeded: featureCount)
    listValues[found] = 1
    counts.pointer[place] = UInt32(truncatingIfNeeded: found + 1)
  }

  /// sums = samples · panel for some places of the batch.
  func multiply(
    panel: UnsafePointer<Scalar>, width: Int, places: Range<Int>, into sums: RowsPointer<Scalar>
  ) {
    if isSparse {
      let first = places.lowerBound * listStride
      kernels.combineRows(
        ofPanel: panel, width: width, indices: indices.pointer + first, values: values.pointer + first,
        listStride: listStride, counts: counts.pointer + places.lowerBound, listCount: places.count, into: sums)
    } else {
      kernels.multiply(
        rows.from(row: places.lowerBound), panel: panel, width: width, rowCount: places.count,
        depth: featureCount + 1, into: sums)
    }
  }
}
