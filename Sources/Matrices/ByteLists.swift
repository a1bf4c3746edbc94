public import CKernels

/// Lists of bytes that are not blank and of where they stood: a fourth of what their numbers would take, on the way from the
/// core that lists them to those that multiply by them.
@usableFromInline
package struct ByteLists<Scalar: KernelScalar>: KernelLists {
  /// What the bytes stand for.
  @usableFromInline
  package let scale: ByteScale<Scalar>
  @usableFromInline let indices: UnsafeMutablePointer<UInt16>
  @usableFromInline let bytes: UnsafeMutablePointer<UInt8>
  @usableFromInline
  package let starts: UnsafeMutablePointer<Int>
  @usableFromInline
  package let counts: UnsafeMutablePointer<UInt32>
  @usableFromInline
  package let stride: Int

  /// Room for lists of so many bytes.
  ///
  /// - Precondition: they can be held.
  package init(count: Int, length: Int, scale: ByteScale<Scalar>, in workspace: Workspace) {
    precondition(SparseLists<Scalar>.canHold(length), "a list's indices have 16 bits")
    self.scale = scale
    stride = length + Int(MNIST_LIST_ROOM)
    // Lists that follow one another without gaps are far shorter than there is room for.
    indices = workspace.allocateUntouched(count: count * stride)
    bytes = workspace.allocateUntouched(count: count * stride)
    starts = workspace.allocate(count: count)
    counts = workspace.allocate(count: count)
  }

  @inlinable
  package var tag: mnist_lists {
    mnist_lists(
      indices: UnsafePointer(indices), elements: UnsafeRawPointer(bytes), starts: UnsafePointer(starts),
      counts: UnsafePointer(counts), scale: scale.tag)
  }

  /// Fills a list from bytes, of which blank ones are left out.
  ///
  /// - Parameters:
  ///   - list: the list's number.
  ///   - isNext: whether it lies right behind the list before, which was filled last: lists take fewer cache lines so.
  ///   - source: the bytes.
  ///   - count: how many there are.
  ///   - kernels: what does it.
  @inlinable @inline(__always)
  package func fill(
    _ list: Int, isNext: Bool = false, from source: UnsafePointer<UInt8>, count: Int, _ kernels: BatchKernels<Scalar>
  ) {
    fill(
      list..<list + 1, isNext: isNext, from: RowsPointer(UnsafeMutablePointer(mutating: source), stride: 0),
      count: count, kernels)
  }

  /// The same for some lists, each from a row of bytes.
  @inlinable @inline(__always)
  package func fill(
    _ lists: Range<Int>, isNext: Bool = false, from rows: RowsPointer<UInt8>, count: Int,
    _ kernels: BatchKernels<Scalar>
  ) {
    kernels.bytes.pointee.list(
      indices, bytes, starts + lists.lowerBound, counts + lists.lowerBound, start(of: lists.lowerBound, isNext: isNext),
      rows.start, rows.stride, lists.count, count, scale.blank)
  }

  /// The same from packed bytes.
  @inlinable @inline(__always)
  package func fill(_ list: Int, isNext: Bool = false, from source: PackedBytes, _ kernels: BatchKernels<Scalar>) {
    let start = start(of: list, isNext: isNext)
    starts[list] = start
    let found = kernels.bytes.pointee.list_packed(
      indices + start, bytes + start, source.masks, source.maskCount, source.bytes, scale.blank)
    counts[list] = UInt32(truncatingIfNeeded: found)
  }

  /// A list's elements, with the blank bytes that fill its last group of four.
  @inlinable
  package subscript(list: Int) -> (indices: UnsafePointer<UInt16>, bytes: UnsafePointer<UInt8>, count: Int) {
    (UnsafePointer(indices + starts[list]), UnsafePointer(bytes + starts[list]), Int(counts[list]))
  }
}
