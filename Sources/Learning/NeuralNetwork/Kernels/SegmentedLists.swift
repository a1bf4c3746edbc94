/// The elements of rows that are not 0, listed segment by segment of the rows' columns, so that the part of a matrix that
/// one segment's elements are multiplied by stays in a core's first cache while all rows go through it.
@usableFromInline
package struct SegmentedLists<Scalar: KernelScalar> {
  /// The rows that there is room for.
  @usableFromInline
  package let rowCount: Int
  /// The columns of a row.
  @usableFromInline
  package let columnCount: Int
  /// The columns of a segment; the last one may have fewer.
  @usableFromInline let segmentLength: Int
  /// Segment after segment, a list for each row.
  @usableFromInline let lists: SparseLists<Scalar>

  /// What a segment's part of a matrix may take, of a first cache of 32 KB or more.
  private static var cacheByteCount: Int { 24 << 10 }

  /// Room for the lists of rows.
  ///
  /// - Parameters:
  ///   - rowCount: how many rows.
  ///   - columnCount: the columns of a row.
  ///   - width: the columns of the matrix, or panel of one, that the rows are multiplied by at once.
  ///   - workspace: what they live in.
  package init(rowCount: Int, columnCount: Int, width: Int, in workspace: Workspace) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    let longest = max(16, Self.cacheByteCount / (width * MemoryLayout<Scalar>.stride) / 16 * 16)
    // Segments of nearly one length, in steps of the bytes that are looked at together.
    let count = max(1, (columnCount + longest - 1) / longest)
    segmentLength = ((columnCount + count - 1) / count + 15) / 16 * 16
    lists = SparseLists(count: rowCount * count, length: min(segmentLength, max(columnCount, 1)), in: workspace)
  }

  /// How many segments a row has.
  @inlinable @inline(__always)
  package var segmentCount: Int { max(1, (columnCount + segmentLength - 1) / segmentLength) }

  /// A segment's columns.
  @inlinable @inline(__always)
  package func columns(of segment: Int) -> Range<Int> {
    segment * segmentLength..<min((segment + 1) * segmentLength, columnCount)
  }

  /// Lists the scalars of a row, the first `count` of its columns, that are not 0. `isNext` tells whether the row before was
  /// filled last, so that this one's lists lie right behind its.
  @inlinable @inline(__always)
  package func fill(
    _ row: Int, isNext: Bool = false, from scalars: UnsafePointer<Scalar>, count: Int, _ kernels: BatchKernels<Scalar>
  ) {
    for segment in 0..<segmentCount {
      let columns = columns(of: segment).clamped(to: 0..<count)
      lists.fill(
        segment * rowCount + row, isNext: isNext, from: scalars + columns.lowerBound, count: columns.count, kernels)
    }
  }

  /// The places of elements that there is room for, for numbers that belong to them.
  package var room: Int { lists.room }
}

extension BatchKernels {
  /// out = rows · matrix, as ``combine(_:_:matrix:columnCount:into:panelStride:width:)`` has it but for how it is rounded; and for
  /// each element of a row, where it is the matrix's row r, weights[row] · matrix[r] at the element's place in `dots`.
  ///
  /// - Parameters:
  ///   - weights: the weights of the range's first row, the next row's `width` behind; panels of them lie
  ///     `weightsPanelStride` apart.
  ///   - isDotsOnto: whether the products are added to what is in `dots`.
  @inlinable @inline(__always)
  package func combineAndDot(
    _ rows: SegmentedLists<Scalar>, _ range: Range<Int>, weights: UnsafePointer<Scalar>, weightsPanelStride: Int,
    dots: UnsafeMutablePointer<Scalar>, isDotsOnto: Bool, matrix: RowsPointer<Scalar>, columnCount: Int,
    into out: RowsPointer<Scalar>, panelStride: Int, width: Int
  ) {
    for segment in 0..<rows.segmentCount {
      let first = segment * rows.rowCount
      combineAndDot(
        rows.lists, first + range.lowerBound..<first + range.upperBound, isOnto: segment > 0, weights: weights,
        weightsPanelStride: weightsPanelStride, dots: dots, isDotsOnto: isDotsOnto,
        matrix: matrix.from(row: rows.columns(of: segment).lowerBound), columnCount: columnCount, into: out,
        panelStride: panelStride, width: width)
    }
  }

  /// out = rows · matrix for some of the listed rows, where `matrix` is `[rows' columns, columnCount]`. In `out`, panels of
  /// `width` columns lie `panelStride` apart.
  @inlinable @inline(__always)
  package func combine(
    _ rows: SegmentedLists<Scalar>, _ range: Range<Int>,
    matrix: RowsPointer<Scalar>, columnCount: Int, into out: RowsPointer<Scalar>, panelStride: Int = 0, width: Int
  ) {
    for segment in 0..<rows.segmentCount {
      let first = segment * rows.rowCount
      combine(
        rows.lists, first + range.lowerBound..<first + range.upperBound, isOnto: segment > 0,
        matrix: matrix.from(row: rows.columns(of: segment).lowerBound), columnCount: columnCount, into: out,
        panelStride: panelStride, width: width)
    }
  }
  /// Writes numbers that belong to elements of some listed rows where the elements stood, and 0 everywhere else:
  /// out[column, 0] is the first row's.
  ///
  /// - Parameter columnCount: the columns that were listed.
  @inlinable @inline(__always)
  package func scatter(
    _ numbers: UnsafePointer<Scalar>, of rows: SegmentedLists<Scalar>, _ range: Range<Int>, columnCount: Int,
    into out: RowsPointer<Scalar>
  ) {
    for segment in 0..<rows.segmentCount {
      let (first, columns) = (segment * rows.rowCount, rows.columns(of: segment).clamped(to: 0..<columnCount))
      scatter(
        numbers, of: rows.lists, first + range.lowerBound..<first + range.upperBound, rowCount: columns.count,
        into: out.from(row: columns.lowerBound))
    }
  }
}
