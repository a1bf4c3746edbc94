public import CKernels

/// Lists of bytes that are not blank and of where they stood: a fourth of what their numbers would take, on the way from the
/// core that lists them to those that multiply by them.
@usableFromInline
package struct ByteLists<Scalar: KernelScalar>: KernelLists {
  /// What the bytes stand for.
  @usableFromInline
  package let scale: ByteScale<Scalar>
  @usableFromInline let lists: ListRoom<UInt8>

  /// Room for lists of so many bytes.
  ///
  /// - Precondition: they can be held.
  package init(count: Int, length: Int, scale: ByteScale<Scalar>, in workspace: Workspace) {
    precondition(SparseLists<Scalar>.canHold(length), "a list's indices have 16 bits")
    self.scale = scale
    lists = ListRoom(count: count, length: length, in: workspace)
  }

  @inlinable
  package var tag: mnist_lists { lists.tag(scale: scale.tag) }

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
    _ range: Range<Int>, isNext: Bool = false, from rows: RowsPointer<UInt8>, count: Int,
    _ kernels: BatchKernels<Scalar>
  ) {
    let first = range.lowerBound
    kernels.bytes.pointee.list(
      lists.indices, lists.elements, lists.starts + first, lists.counts + first, lists.start(of: first, isNext: isNext),
      rows.start, rows.stride, range.count, count, scale.blank)
  }

  /// The same from packed bytes.
  @inlinable @inline(__always)
  package func fill(_ list: Int, isNext: Bool = false, from source: PackedBytes, _ kernels: BatchKernels<Scalar>) {
    lists.fill(list, isNext: isNext) {
      kernels.bytes.pointee.list_packed($0, $1, source.masks, source.maskCount, source.bytes, scale.blank)
    }
  }

  /// A list's elements, with the blank bytes that fill its last group of four.
  @inlinable
  package subscript(list: Int) -> (indices: UnsafePointer<UInt16>, bytes: UnsafePointer<UInt8>, count: Int) {
    let (indices, bytes, count) = lists[list]
    return (indices, bytes, count)
  }
}
