public import CKernels

/// Lists of what is not 0 in rows, which matrices are multiplied by.
@usableFromInline
package protocol KernelLists<Scalar> {
  associatedtype Scalar: KernelScalar
  /// The same for the kernels.
  var tag: mnist_lists { get }
}

/// Lists of scalars that are not 0 and of where they stood.
@usableFromInline
package struct SparseLists<Scalar: KernelScalar>: KernelLists {
  /// The most scalars or bytes that a list of 16-bit indices can be made from.
  package static var maximumLength: Int { 1 << 16 }

  /// Whether scalars or bytes are few enough for a list of 16-bit indices.
  package static func canHold(_ length: Int) -> Bool { length <= maximumLength }

  @usableFromInline let lists: ListRoom<Scalar>

  /// Room for lists of so many scalars.
  ///
  /// - Precondition: they can be held.
  package init(count: Int, length: Int, in workspace: Workspace) {
    precondition(Self.canHold(length), "a list's indices have 16 bits")
    lists = ListRoom(count: count, length: length, in: workspace)
  }

  @inlinable
  package var tag: mnist_lists { lists.tag(scale: nil) }

  /// The room for the elements of all lists.
  var room: Int { lists.elementCount }

  /// Fills a list from scalars, of which those that are 0 are left out.
  ///
  /// - Parameters:
  ///   - list: the list's number.
  ///   - isNext: whether it lies right behind the list before, which was filled last: lists take less of a cache so.
  ///   - scalars: the scalars.
  ///   - count: how many there are.
  ///   - kernels: what does it.
  @inlinable @inline(__always)
  package func fill(
    _ list: Int, isNext: Bool = false, from scalars: UnsafePointer<Scalar>, count: Int, _ kernels: BatchKernels<Scalar>
  ) {
    lists.fill(list, isNext: isNext) { kernels.table.pointee.list_scalars($0, $1, scalars, count) }
  }

  /// A list's elements, with the zeros that fill its last group of four.
  package subscript(list: Int) -> (indices: UnsafePointer<UInt16>, values: UnsafePointer<Scalar>, count: Int) {
    let (indices, values, count) = lists[list]
    return (indices, values, count)
  }
}
