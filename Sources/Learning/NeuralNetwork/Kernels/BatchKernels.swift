public import CKernels

/// Rows of scalars in memory, `stride` apart; those that kernels read or write in whole vectors are 64-byte aligned.
@usableFromInline
package struct RowsPointer<Scalar> {
  @usableFromInline
  package var start: UnsafeMutablePointer<Scalar>
  @usableFromInline
  package var stride: Int

  @inlinable
  package init(_ start: UnsafeMutablePointer<Scalar>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  /// The same from a row and a column on.
  @inlinable
  package func from(row: Int, column: Int = 0) -> RowsPointer {
    RowsPointer(start + row * stride + column, stride: stride)
  }
}

/// The inner loops of training in batches, for one precision, compiled for one instruction set.
///
/// AVX2, AVX-512 and arm64 give the same bits; plain x86-64, which has no fused multiply-add, gives others. What one call
/// does to a row or a column does not depend on which others go with it, so that work can be divided in any way.
///
/// See `batch_kernels.h` for what each one computes, and for panels. The calls are inlinable as each precision has to be
/// compiled for itself where they are used: from another module a generic call would cost more than many a kernel. Members of a
/// type for the package are inlined in other modules only if it and the properties that they use are `@usableFromInline`.
@usableFromInline
package struct BatchKernels<Scalar: KernelScalar>: @unchecked Sendable {
  // The table is constant data of the program, so sharing the pointer is sound.
  @usableFromInline
  package let table: UnsafePointer<mnist_batch_kernels>
  @usableFromInline
  package let bytes: UnsafePointer<mnist_byte_kernels>

  /// The kernels for an instruction set that is available.
  ///
  /// - Parameters:
  ///   - set: the instruction set.
  ///   - compressesBytes: whether to use instructions that compress bytes, where the processor has them besides the set's.
  package init(available set: InstructionSet, compressesBytes: Bool = true) {
    let compressing = compressesBytes ? mnist_byte_kernels_for(set.tag, true) : nil
    guard let bytes = compressing ?? mnist_byte_kernels_for(set.tag, false),
      let table = mnist_batch_kernels_for(Scalar.isFloat32 ? MNIST_FLOAT32 : MNIST_FLOAT64, set.tag)
    else {
      preconditionFailure("\(set) is not available on this processor")
    }
    self.table = table
    self.bytes = bytes
  }

  /// For each list, a start and the sum of the matrix's rows at the list's indices times its values. In `out`, panels of
  /// `width` columns lie `panelStride` apart.
  ///
  /// The start is what is in `out` where `isOnto`, otherwise the row `start`, or 0 where that is nil.
  @inlinable
  package func combine(
    _ lists: some KernelLists<Scalar>, _ range: Range<Int>, isOnto: Bool = false, start: UnsafePointer<Scalar>? = nil,
    matrix: RowsPointer<Scalar>, columnCount: Int, into out: RowsPointer<Scalar>, panelStride: Int, width: Int
  ) {
    withUnsafePointer(to: lists.tag) {
      table.pointee.combine(
        out.start, out.stride, panelStride, width, isOnto, start, matrix.start, matrix.stride, columnCount, $0,
        range.lowerBound, range.count)
    }
  }

  /// Changes rows of weights by their gradients: row r's is the sum of the matrix's rows at list r's indices times its values.
  /// In `weights` and the optimizer's moments, panels of `width` columns lie `panelStride` apart.
  @inlinable
  package func combineAndUpdate(
    _ update: KernelUpdate, weights: UnsafeMutablePointer<Scalar>, first: UnsafeMutablePointer<Scalar>?,
    second: UnsafeMutablePointer<Scalar>?, panelStride: Int, width: Int, by lists: some KernelLists<Scalar>,
    _ range: Range<Int>, matrix: RowsPointer<Scalar>, columnCount: Int
  ) {
    let panels = mnist_panels(weights: weights, first: first, second: second, stride: panelStride, width: width)
    withUnsafePointer(to: update.tag) { update in
      withUnsafePointer(to: panels) { panels in
        withUnsafePointer(to: lists.tag) { lists in
          table.pointee.combine_and_update(
            update, panels, matrix.start, matrix.stride, columnCount, lists, range.lowerBound, range.count)
        }
      }
    }
  }

  /// For each list, the sum of the matrix's rows at the list's indices times its values, added to what is in `out` where
  /// `isOnto`. And for each of its elements the dot product of the matrix's row and the list's row of `weights`, at the element's
  /// place in `dots`, or added to what is there where `isDotsOnto`. In `weights` and `out`, panels of `width` columns lie
  /// `weightsPanelStride` and `panelStride` apart.
  @inlinable
  package func combineAndDot(
    _ lists: SparseLists<Scalar>, _ range: Range<Int>, isOnto: Bool, weights: UnsafePointer<Scalar>,
    weightsPanelStride: Int, dots: UnsafeMutablePointer<Scalar>, isDotsOnto: Bool, matrix: RowsPointer<Scalar>,
    columnCount: Int, into out: RowsPointer<Scalar>, panelStride: Int, width: Int
  ) {
    withUnsafePointer(to: lists.tag) {
      table.pointee.combine_and_dot(
        out.start, out.stride, panelStride, isOnto, dots, isDotsOnto, weights, weightsPanelStride, width, matrix.start,
        matrix.stride, columnCount, $0, range.lowerBound, range.count)
    }
  }

  /// out[0..<rowCount, 0..<range.count] = 0 but for the numbers that belong to the elements of lists, each in its list's column
  /// and the row of its index.
  @inlinable
  package func scatter(
    _ numbers: UnsafePointer<Scalar>, of lists: SparseLists<Scalar>, _ range: Range<Int>, rowCount: Int,
    into out: RowsPointer<Scalar>
  ) {
    withUnsafePointer(to: lists.tag) {
      table.pointee.scatter(out.start, out.stride, rowCount, numbers, $0, range.lowerBound, range.count)
    }
  }

  /// out[column, row] = bytes[row, column]; both counts are multiples of 16.
  @inlinable
  package func transposeBytes(
    _ bytes: RowsPointer<UInt8>, rowCount: Int, columnCount: Int, into out: RowsPointer<UInt8>
  ) {
    table.pointee.transpose_bytes(out.start, out.stride, bytes.start, bytes.stride, rowCount, columnCount)
  }

  /// out = a · panel, where `a` is rows of `depth`, or with `isTransposed` columns of it. The panel's rows lie
  /// `panelStride` apart, its width if nil.
  @inlinable
  package func multiply(
    _ a: RowsPointer<Scalar>, isTransposed: Bool = false, panel: UnsafePointer<Scalar>, panelStride: Int? = nil,
    width: Int, rowCount: Int, depth: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.multiply(
      out.start, out.stride, a.start, isTransposed ? 1 : a.stride, isTransposed ? a.stride : 1, panel,
      panelStride ?? width, width, rowCount, depth)
  }

  /// The way back through a layer of units: deltas = (a · panel) * kept * the activation's slope where it gave `results`, which
  /// were multiplied by `kept` since. `a` is rows of `depth`; the panel's rows lie its width apart.
  ///
  /// - Parameters:
  ///   - kept: 0 or `scale` for each place; 1 for all where it is nil.
  @inlinable
  package func multiplyBack(
    through activation: KernelActivation, results: RowsPointer<Scalar>, kept: RowsPointer<Scalar>? = nil,
    scale: Double = 1, _ a: RowsPointer<Scalar>, panel: UnsafePointer<Scalar>, width: Int, rowCount: Int, depth: Int,
    into deltas: RowsPointer<Scalar>
  ) {
    let way = mnist_way_back(
      activation: activation.tag, results: results.start, kept: kept?.start, results_row: results.stride,
      kept_row: kept?.stride ?? 0, scale: scale)
    withUnsafePointer(to: way) {
      table.pointee.multiply_back(
        $0, deltas.start, deltas.stride, a.start, a.stride, panel, width, rowCount, depth)
    }
  }

  /// out[row, column] = the sum over the panels of parts[row, panel * panelStride + column], or the activation of it; whole
  /// vectors of columns.
  @inlinable
  package func sumPanels(
    _ parts: RowsPointer<Scalar>, panelCount: Int, panelStride: Int, activation: KernelActivation? = nil, rowCount: Int,
    columnCount: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.sum_panels(
      activation?.tag ?? MNIST_NO_ACTIVATION, out.start, out.stride, parts.start, parts.stride, panelStride, panelCount,
      rowCount, columnCount)
  }

  /// out[column, row] = matrix[row, column].
  @inlinable
  package func transpose(
    _ matrix: RowsPointer<Scalar>, rowCount: Int, columnCount: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.transpose(out.start, out.stride, matrix.start, matrix.stride, rowCount, columnCount)
  }

  /// values = activation of values.
  @inlinable
  package func activate(_ activation: KernelActivation, _ values: RowsPointer<Scalar>, rowCount: Int, columnCount: Int)
  {
    sumPanels(
      values, panelCount: 1, panelStride: 0, activation: activation, rowCount: rowCount, columnCount: columnCount,
      into: values)
  }

  /// From the sums that enter the outputs to outputs, deltas, costs, and whether the largest output is the right one.
  @inlinable
  package func finish(
    _ loss: KernelLoss, sums: RowsPointer<Scalar>, targets: KernelTargets<Scalar>, deltas: RowsPointer<Scalar>,
    scale: Double, smoothing: Double, rowCount: Int, outputCount: Int, costs: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<UInt8>
  ) {
    withUnsafePointer(to: targets.tag) {
      table.pointee.finish(
        loss.tag, sums.start, sums.stride, $0, deltas.start, deltas.stride, scale, smoothing, rowCount, outputCount,
        costs, right)
    }
  }

  /// Changes weights by their gradients.
  @inlinable
  package func update(
    _ update: KernelUpdate, weights: UnsafeMutablePointer<Scalar>, first: UnsafeMutablePointer<Scalar>?,
    second: UnsafeMutablePointer<Scalar>?, gradients: UnsafePointer<Scalar>, count: Int
  ) {
    withUnsafePointer(to: update.tag) { table.pointee.update($0, weights, first, second, gradients, count) }
  }

  /// Sets a share of the values to 0 and scales the others up; `kept` tells by what each was multiplied.
  @inlinable
  package func drop(
    _ share: Double, of values: RowsPointer<Scalar>, kept: RowsPointer<Scalar>, key: UInt64, firstRow: Int,
    firstColumn: Int, rowCount: Int, columnCount: Int
  ) {
    table.pointee.drop(
      values.start, values.stride, kept.start, kept.stride, share, key, firstRow, firstColumn, rowCount, columnCount)
  }

  /// values *= factors, element by element.
  @inlinable
  package func multiplyElements(
    _ values: RowsPointer<Scalar>, by factors: RowsPointer<Scalar>, rowCount: Int, columnCount: Int
  ) {
    table.pointee.multiply_elements(
      values.start, values.stride, factors.start, factors.stride, rowCount, columnCount)
  }
}

/// The numbers that batch kernels exist for: `Float` and `Double`.
@usableFromInline
package protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// Whether it is the one of 32 bits.
  static var isFloat32: Bool { get }
}

extension Float: KernelScalar {
  @inlinable
  package static var isFloat32: Bool { true }
}
extension Double: KernelScalar {
  @inlinable
  package static var isFloat32: Bool { false }
}

extension KernelScalar {
  /// The columns of a panel, the strip of a matrix that products are made with: 32 of float32, 16 of float64.
  @inlinable
  package static var panelWidth: Int { 128 / MemoryLayout<Self>.stride }  // MNIST_PANEL_BYTES

  /// The smallest multiple of a cache line's scalars that is not below a length.
  @inlinable
  package static func paddedLength(_ length: Int) -> Int {
    let lanes = 64 / MemoryLayout<Self>.stride
    return (length + lanes - 1) / lanes * lanes
  }
}
