internal import Matrices

/// Gives one sample after the other as the list of its features that are not 0, with the constant 1 that feeds the
/// biases behind them, which has the index `featureCount`.
///
/// It holds the memory for one list; nothing is allocated once it exists.
final class SampleReader {
  /// The features of one sample that are not 0: where they stand, and what they are.
  struct Sample {
    let indices: UnsafePointer<UInt32>
    let values: UnsafePointer<Double>
    let count: Int
  }

  private let featureCount: Int
  private let source: SampleSource
  private let kernels: Kernels
  private let batchKernels: BatchKernels<Double>
  private let indices: AlignedBuffer<UInt32>
  private let values: AlignedBuffer<Double>
  /// A row of features with its zeros.
  private let row: AlignedBuffer<Double>

  init(_ source: SampleSource, instructionSet: InstructionSet) {
    self.source = source
    featureCount = source.featureCount
    kernels = Kernels(available: instructionSet)
    batchKernels = BatchKernels(available: instructionSet)
    // The list kernel may write some indices more than there are.
    indices = AlignedBuffer(count: featureCount + 17)
    values = AlignedBuffer(count: featureCount + 1)
    row = AlignedBuffer(count: featureCount)
  }

  /// The sample at an index; valid until the next call.
  func sample(_ index: Int) -> Sample {
    let found: Int
    if let scale = source.sparseScale {
      found = batchKernels.list(
        source.bytes(index), count: featureCount, scale: scale, indices: indices.pointer, values: values.pointer)
    } else {
      source.write(index, to: row.pointer)
      found = kernels.compress(row.pointer, count: featureCount, indices: indices.pointer, nonzero: values.pointer)
    }
    indices.pointer[found] = UInt32(truncatingIfNeeded: featureCount)
    values.pointer[found] = 1
    return Sample(indices: indices.pointer, values: values.pointer, count: found + 1)
  }
}
