internal import CKernels

/// What bytes stand for: byte b for element b of a table of 256. The byte that stands for 0 is `blank`.
package struct ByteScale<Scalar: KernelScalar> {
  package let table: UnsafePointer<Scalar>
  package let blank: UInt8

  package init(table: UnsafePointer<Scalar>, blank: UInt8) {
    self.table = table
    self.blank = blank
  }

  fileprivate var tag: mnist_byte_scale { mnist_byte_scale(table: table, blank: blank) }
}

/// Rows of scalars in memory, 64-byte aligned, `stride` apart.
package struct RowsPointer<Scalar> {
  package var start: UnsafeMutablePointer<Scalar>
  package var stride: Int

  package init(_ start: UnsafeMutablePointer<Scalar>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  /// The same from a row and a column on.
  package func from(row: Int, column: Int = 0) -> RowsPointer {
    RowsPointer(start + row * stride + column, stride: stride)
  }
}

/// The inner loops of training in batches, for one precision, compiled for one instruction set.
///
/// AVX2, AVX-512 and arm64 give the same bits; plain x86-64, which has no fused multiply-add, gives others. What one call
/// does to a row or a column does not depend on which others go with it, so that work can be divided in any way.
///
/// See `batch_kernels.h` for what each one computes, and for panels.
package struct BatchKernels<Scalar: KernelScalar>: @unchecked Sendable {
  // The table is constant data of the program, so sharing the pointer is sound.
  private let table: UnsafePointer<mnist_batch_kernels>

  /// The kernels for an instruction set that is available.
  package init(available set: InstructionSet) {
    guard let table = mnist_batch_kernels_for(Scalar.isFloat32 ? MNIST_FLOAT32 : MNIST_FLOAT64, set.tag) else {
      preconditionFailure("\(set) is not available on this processor")
    }
    self.table = table
  }

  /// Lists the bytes that are not blank. There is room for 16 more indices than bytes. Returns how many there are.
  package func list(
    _ bytes: UnsafePointer<UInt8>, count: Int, scale: ByteScale<Scalar>, indices: UnsafeMutablePointer<UInt32>,
    values: UnsafeMutablePointer<Scalar>
  ) -> Int {
    table.pointee.list(indices, values, bytes, count, scale.tag)
  }

  /// For each list, the sum of the panel's rows at its indices times its values.
  package func combineRows(
    ofPanel panel: UnsafePointer<Scalar>, width: Int, indices: UnsafePointer<UInt32>, values: UnsafePointer<Scalar>,
    listStride: Int, counts: UnsafePointer<UInt32>, listCount: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.combine_rows(
      out.start, out.stride, panel, width, indices, values, listStride, counts, listCount)
  }

  /// For each row of bytes, the sum of the matrix's rows at the bytes' places times what they stand for.
  package func combineBytes(
    _ bytes: UnsafePointer<UInt8>, count: Int, rowCount: Int, scale: ByteScale<Scalar>,
    matrix: UnsafePointer<Scalar>, columnCount: Int, into out: UnsafeMutablePointer<Scalar>, panelStride: Int,
    width: Int
  ) {
    table.pointee.combine_bytes(
      out, panelStride, width, matrix, columnCount, bytes, count, rowCount, scale.tag)
  }

  /// out = a · panel, where `a` is rows of `depth`, or with `isTransposed` columns of it. The panel's rows lie
  /// `panelStride` apart, its width if nil.
  package func multiply(
    _ a: RowsPointer<Scalar>, isTransposed: Bool = false, panel: UnsafePointer<Scalar>, panelStride: Int? = nil,
    width: Int, rowCount: Int, depth: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.multiply(
      out.start, out.stride, a.start, isTransposed ? 1 : a.stride, isTransposed ? a.stride : 1, panel,
      panelStride ?? width, width, rowCount, depth)
  }

  /// out[column, row] = matrix[row, column].
  package func transpose(
    _ matrix: RowsPointer<Scalar>, rowCount: Int, columnCount: Int, into out: RowsPointer<Scalar>
  ) {
    table.pointee.transpose(out.start, out.stride, matrix.start, matrix.stride, rowCount, columnCount)
  }

  /// values = activation of values.
  package func activate(_ activation: KernelActivation, _ values: RowsPointer<Scalar>, rowCount: Int, columnCount: Int)
  {
    table.pointee.activate(activation.tag, values.start, values.stride, rowCount, columnCount)
  }

  /// deltas *= the activation's slope where it gave `results`, which were multiplied by `scale` since.
  package func multiplySlope(
    of activation: KernelActivation, _ deltas: RowsPointer<Scalar>, results: RowsPointer<Scalar>, scale: Double,
    rowCount: Int, columnCount: Int
  ) {
    table.pointee.multiply_slope(
      activation.tag, deltas.start, deltas.stride, results.start, results.stride, scale, rowCount, columnCount)
  }

  /// From the sums that enter the outputs to outputs, deltas, costs, and whether the largest output is the right one.
  package func finish(
    _ loss: KernelLoss, sums: RowsPointer<Scalar>, targets: RowsPointer<Scalar>, deltas: RowsPointer<Scalar>,
    scale: Double, smoothing: Double, rowCount: Int, outputCount: Int, costs: UnsafeMutablePointer<Double>,
    right: UnsafeMutablePointer<UInt8>
  ) {
    table.pointee.finish(
      loss.tag, sums.start, sums.stride, targets.start, targets.stride, deltas.start, deltas.stride, scale, smoothing,
      rowCount, outputCount, costs, right)
  }

  /// Changes weights by their gradients.
  package func update(
    _ update: KernelUpdate, weights: UnsafeMutablePointer<Scalar>, first: UnsafeMutablePointer<Scalar>?,
    second: UnsafeMutablePointer<Scalar>?, gradients: UnsafePointer<Scalar>, count: Int
  ) {
    withUnsafePointer(to: update.tag) { table.pointee.update($0, weights, first, second, gradients, count) }
  }

  /// Sets a share of the values to 0 and scales the others up; `kept` tells by what each was multiplied.
  package func drop(
    _ share: Double, of values: RowsPointer<Scalar>, kept: RowsPointer<Scalar>, key: UInt64, firstRow: Int,
    firstColumn: Int, rowCount: Int, columnCount: Int
  ) {
    table.pointee.drop(
      values.start, values.stride, kept.start, kept.stride, share, key, firstRow, firstColumn, rowCount, columnCount)
  }

  /// values *= factors, element by element.
  package func multiplyElements(
    _ values: RowsPointer<Scalar>, by factors: RowsPointer<Scalar>, rowCount: Int, columnCount: Int
  ) {
    table.pointee.multiply_elements(
      values.start, values.stride, factors.start, factors.stride, rowCount, columnCount)
  }
}
