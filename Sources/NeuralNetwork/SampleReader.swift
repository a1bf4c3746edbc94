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
  private let scale: ByteScale<Double>?
  private let lists: SparseLists<Double>?
  private let workspace = Workspace()
  private let indices: AlignedBuffer<UInt32>
  private let values: AlignedBuffer<Double>
  /// A row of features with its zeros.
  private let row: AlignedBuffer<Double>

  init(_ source: SampleSource, instructionSet: InstructionSet) {
    self.source = source
    featureCount = source.featureCount
    kernels = Kernels(available: instructionSet)
    batchKernels = BatchKernels(available: instructionSet)
    let workspace = workspace
    scale = source.sparseScale.map { ByteScale($0.table, blank: $0.blank, in: workspace) }
    let canBeLists = scale != nil && featureCount <= SparseLists<Double>.maximumLength
    lists = canBeLists ? SparseLists(count: 1, length: featureCount, in: workspace) : nil
    indices = AlignedBuffer(count: featureCount + 4)
    values = AlignedBuffer(count: featureCount + 4)
    row = AlignedBuffer(count: featureCount)
  }

  /// The sample at an index; valid until the next call.
  func sample(_ index: Int) -> Sample {
    let found: Int
    if let scale, let lists {
      lists.fill(0, from: source.bytes(index), count: featureCount, scale: scale, batchKernels)
      let list = lists[0]
      for k in 0..<list.count {
        indices.pointer[k] = UInt32(list.indices[k])
        values.pointer[k] = list.values[k]
      }
      // Without the zeros that fill the last group: they are no pixels.
      var count = list.count
      while count > 0, list.values[count - 1] == 0 { count -= 1 }
      found = count
    } else {
      source.write(index, to: row.pointer)
      found = kernels.compress(row.pointer, count: featureCount, indices: indices.pointer, nonzero: values.pointer)
    }
    indices.pointer[found] = UInt32(truncatingIfNeeded: featureCount)
    values.pointer[found] = 1
    return Sample(indices: indices.pointer, values: values.pointer, count: found + 1)
  }
}
