internal import CKernels

/// The inner loops of the article's training, sample by sample in float64, compiled for one instruction set. All sets give
/// the same bits.
///
/// Matrices, and the vectors that go with their rows, lie in ``AlignedBuffer``s; lists of indices and values anywhere. A
/// `width` is a row's length in scalars, at least 8 and a multiple of ``lanes``, which ``paddedWidth(_:)`` makes of any
/// length. What pads a row must be zero, and then stays zero.
package struct Kernels: @unchecked Sendable {
  // The table is constant data of the program, so sharing the pointer is sound.
  private let table: UnsafePointer<mnist_kernels>

  /// The number of scalars in the widest vector.
  package static let lanes = Int(MNIST_LANES)

  /// The kernels for an instruction set that is available.
  package init(available set: InstructionSet) {
    guard let kernels = Kernels(set) else { preconditionFailure("\(set) is not available on this processor") }
    self = kernels
  }

  /// The kernels for an instruction set, or nil where it is not available.
  package init?(_ set: InstructionSet) {
    guard let table = mnist_kernels_for(set.tag) else { return nil }
    self.table = table
  }

  /// The smallest multiple of ``lanes`` that is not below a length.
  package static func paddedWidth(_ length: Int) -> Int {
    (length + lanes - 1) / lanes * lanes
  }

  /// out[0..<width] = sum of values[k] * matrix[indices[k], 0..<width], k in 0..<count.
  package func combineRows(
    of matrix: UnsafePointer<Double>, width: Int, at indices: UnsafePointer<UInt32>, by values: UnsafePointer<Double>,
    count: Int, into out: UnsafeMutablePointer<Double>
  ) {
    table.pointee.combine_rows(out, matrix, width, indices, values, count)
  }

  /// matrix[indices[k], 0..<width] -= values[k] * vector[0..<width], k in 0..<count.
  package func subtractOuterProduct(
    from matrix: UnsafeMutablePointer<Double>, width: Int, at indices: UnsafePointer<UInt32>,
    of values: UnsafePointer<Double>, count: Int, and vector: UnsafePointer<Double>
  ) {
    table.pointee.subtract_outer_product(matrix, width, indices, values, count, vector)
  }

  /// out[row] = matrix[row, 0..<width] · vector[0..<width], row in 0..<rowCount.
  package func dotRows(
    of matrix: UnsafePointer<Double>, width: Int, rowCount: Int, with vector: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    table.pointee.dot_rows(out, matrix, width, rowCount, vector)
  }

  /// Writes where the elements of `values` that are not 0 stand, and what they are. Returns how many there are.
  ///
  /// `indices` and `nonzero` have room for `count` elements; `values` need not be aligned.
  package func compress(
    _ values: UnsafePointer<Double>, count: Int, indices: UnsafeMutablePointer<UInt32>,
    nonzero: UnsafeMutablePointer<Double>
  ) -> Int {
    table.pointee.compress(indices, nonzero, values, count)
  }

  /// values[i] = 1 / (1 + exp(-values[i])), i in 0..<count, a multiple of ``lanes``.
  package func sigmoid(_ values: UnsafeMutablePointer<Double>, count: Int) {
    table.pointee.sigmoid(values, count)
  }
}
