internal import Normalization

/// Gives one sample after the other as the list of its features that are not 0, with the constant 1 that feeds the
/// biases behind them, which has the index `featureCount`.
///
/// It holds the memory for two lists in turn; nothing is allocated once it exists.
final class SampleReader {
  private let featureCount: Int
  private let memory: SampleMemory
  private let kernels: Kernels
  private let batchKernels: BatchKernels<Double>
  private let lists: ByteLists<Double>?
  /// What bytes stand for, `[256]`; nil where there are no lists.
  private let table: UnsafePointer<Double>?
  private let workspace = Workspace()
  private let indices: [UnsafeMutablePointer<UInt32>]
  private let values: [UnsafeMutablePointer<Double>]
  private var turn = 0
  /// A row of features with its zeros.
  private let row: UnsafeMutablePointer<Double>

  init(_ memory: SampleMemory, instructionSet: InstructionSet) {
    self.memory = memory
    featureCount = memory.featureCount
    kernels = Kernels(available: instructionSet)
    batchKernels = BatchKernels(available: instructionSet)
    let workspace = workspace
    let length = featureCount
    let scale = SparseLists<Double>.canHold(length) ? memory.sparseScale : nil
    lists = scale.map {
      ByteLists(
        count: 1, length: length, scale: ByteScale($0.table, blank: $0.blank, in: workspace), in: workspace)
    }
    table = scale?.table
    let room = featureCount + 4
    indices = (0..<2).map { _ in workspace.allocate(count: room) }
    values = (0..<2).map { _ in workspace.allocate(count: room) }
    row = workspace.allocate(count: featureCount)
  }

  /// Asks for the memory of a sample that will be read soon.
  func prefetch(_ index: Int) {
    if lists != nil { ByteKernels.prefetch(memory.bytes(index), count: featureCount) }
  }

  /// The sample at an index; valid until the call after the next one.
  func sample(_ index: Int) -> SampleList {
    turn = 1 - turn
    let (indices, values) = (self.indices[turn], self.values[turn])
    let found: Int
    if let lists, let table {
      lists.fill(0, from: memory.bytes(index), count: featureCount, batchKernels)
      let list = lists[0]
      // Without the blank bytes that fill the last group: they are no pixels.
      var count = list.count
      let blank = lists.scale.blank
      while count > 0, list.bytes[count - 1] == blank { count -= 1 }
      // Two loops: the first one takes whole vectors.
      for k in 0..<count { indices[k] = UInt32(truncatingIfNeeded: list.indices[k]) }
      for k in 0..<count { values[k] = table[Int(list.bytes[k])] }
      found = count
    } else {
      memory.write(index, to: row)
      found = kernels.compress(row, count: featureCount, indices: indices, nonzero: values)
    }
    indices[found] = UInt32(truncatingIfNeeded: featureCount)
    values[found] = 1
    return SampleList(indices: indices, values: values, count: found + 1)
  }
}
