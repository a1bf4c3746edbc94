public import CKernels

/// Lists of what is not 0 in rows, which matrices are multiplied by.
@usableFromInline
package protocol KernelLists<Scalar> {
  associatedtype Scalar: KernelScalar
  /// The same for the kernels.
  var tag: mnist_lists { get }
  /// Where each list begins.
  var starts: UnsafeMutablePointer<Int> { get }
  /// How many elements each list has, with those that fill its last group of four.
  var counts: UnsafeMutablePointer<UInt32> { get }
  /// The room for a list.
  var stride: Int { get }
}

extension KernelLists {
  /// Where a list is to begin: in its own room, or right behind the list before, which has been filled.
  @inlinable @inline(__always)
  package func start(of list: Int, isNext: Bool) -> Int {
    isNext ? starts[list - 1] + Int(counts[list - 1]) : list * stride
  }
}

/// Lists of scalars that are not 0 and of where they stood.
@usableFromInline
package struct SparseLists<Scalar: KernelScalar>: KernelLists {
  /// The most scalars or bytes that a list of 16-bit indices can be made from.
  package static var maximumLength: Int { 1 << 16 }

  /// Whether scalars or bytes are few enough for a list of 16-bit indices.
  package static func canHold(_ length: Int) -> Bool { length <= maximumLength }

  @usableFromInline let indices: UnsafeMutablePointer<UInt16>
  @usableFromInline let values: UnsafeMutablePointer<Scalar>
  @usableFromInline
  package let starts: UnsafeMutablePointer<Int>
  @usableFromInline
  package let counts: UnsafeMutablePointer<UInt32>
  @usableFromInline
  package let stride: Int
  /// The room for all lists.
  let room: Int

  /// Room for lists of so many scalars.
  ///
  /// - Precondition: they can be held.
  package init(count: Int, length: Int, in workspace: Workspace) {
    precondition(Self.canHold(length), "a list's indices have 16 bits")
    stride = length + Int(MNIST_LIST_ROOM)
    room = count * stride
    // Lists that follow one another without gaps are far shorter than there is room for.
    indices = workspace.allocateUntouched(count: room)
    values = workspace.allocateUntouched(count: room)
    starts = workspace.allocate(count: count)
    counts = workspace.allocate(count: count)
  }

  @inlinable
  package var tag: mnist_lists {
    mnist_lists(
      indices: UnsafePointer(indices), elements: UnsafeRawPointer(values), starts: UnsafePointer(starts),
      counts: UnsafePointer(counts), scale: nil)
  }

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
    let start = start(of: list, isNext: isNext)
    starts[list] = start
    let found = kernels.table.pointee.list_scalars(indices + start, values + start, scalars, count)
    counts[list] = UInt32(truncatingIfNeeded: found)
  }

  /// A list's elements, with the zeros that fill its last group of four.
  package subscript(list: Int) -> (indices: UnsafePointer<UInt16>, values: UnsafePointer<Scalar>, count: Int) {
    (UnsafePointer(indices + starts[list]), UnsafePointer(values + starts[list]), Int(counts[list]))
  }
}
