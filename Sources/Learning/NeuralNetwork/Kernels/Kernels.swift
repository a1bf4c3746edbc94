internal import CKernels

/// Numbers and the rows that they belong to: the features of one sample that are not 0.
package struct SampleList {
  package let indices: UnsafePointer<UInt32>
  package let values: UnsafePointer<Double>
  package let count: Int

  package init(indices: UnsafePointer<UInt32>, values: UnsafePointer<Double>, count: Int) {
    self.indices = indices
    self.values = values
    self.count = count
  }

  var tag: mnist_list { mnist_list(indices: indices, values: values, count: count) }
}

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

  /// matrix[index, 0..<width] -= value * vector[0..<width] for each element of one list; then out[0..<width] = the sum of
  /// value * matrix[index, 0..<width] over the other.
  package func subtractAndCombine(
    _ matrix: UnsafeMutablePointer<Double>, width: Int, subtract subtracted: SampleList,
    of vector: UnsafePointer<Double>, combine combined: SampleList, into out: UnsafeMutablePointer<Double>
  ) {
    table.pointee.subtract_and_combine(matrix, width, subtracted.tag, vector, combined.tag, out)
  }

  /// out[row] = matrix[row, 0..<width] · vector[0..<width], and then matrix[row, 0..<width] -= values[row] *
  /// subtracted[0..<width], row in 0..<rowCount.
  package func dotRowsAndSubtract(
    _ matrix: UnsafeMutablePointer<Double>, width: Int, rowCount: Int, dot vector: UnsafePointer<Double>,
    subtract values: UnsafePointer<Double>, times subtracted: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>
  ) {
    table.pointee.dot_rows_and_subtract(out, matrix, width, rowCount, vector, values, subtracted)
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

/// The widest instructions that a set of kernels uses.
public enum InstructionSet: String, CaseIterable, Codable, Sendable {
  /// What the compiler targets by default: SSE2 on x86-64, NEON on arm64.
  case plain
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with AVX-512.
  case avx512

  /// Whether this processor has it and this build has kernels for it.
  public var isAvailable: Bool { mnist_has(tag) }

  /// The widest one that is available.
  public static var widest: InstructionSet { allCases.last { $0.isAvailable } ?? .plain }

  /// The same for the kernels.
  var tag: mnist_instruction_set {
    switch self {
    case .plain: MNIST_PLAIN
    case .avx2: MNIST_AVX2
    case .avx512: MNIST_AVX512
    }
  }
}

/// What is done to bytes whatever the precision and the instructions.
package enum ByteKernels {
  /// Asks for the cache lines of bytes that will soon be read.
  package static func prefetch(_ bytes: UnsafePointer<UInt8>, count: Int) {
    mnist_prefetch(bytes, count)
  }
}
