public import CKernels

/// Where lists of elements and of where they stood lie, for kernels to fill and to read.
@usableFromInline
struct ListRoom<Element: BitwiseCopyable> {
  @usableFromInline let indices: UnsafeMutablePointer<UInt16>
  @usableFromInline let elements: UnsafeMutablePointer<Element>
  /// Where each list begins.
  @usableFromInline let starts: UnsafeMutablePointer<Int>
  /// How many elements each list has, with those that fill its last group of four.
  @usableFromInline let counts: UnsafeMutablePointer<UInt32>
  /// The room for a list.
  @usableFromInline let stride: Int
  /// The room for all lists.
  let elementCount: Int

  /// Room for lists of so many elements.
  init(count: Int, length: Int, in workspace: Workspace) {
    stride = length + Int(MNIST_LIST_ROOM)
    elementCount = count * stride
    // Lists that follow one another without gaps are far shorter than there is room for.
    indices = workspace.allocateUntouched(count: elementCount)
    elements = workspace.allocateUntouched(count: elementCount)
    starts = workspace.allocate(count: count)
    counts = workspace.allocate(count: count)
  }

  /// Where a list is to begin: in its own room, or right behind the list before, which has been filled.
  @inlinable @inline(__always)
  func start(of list: Int, isNext: Bool) -> Int {
    isNext ? starts[list - 1] + Int(counts[list - 1]) : list * stride
  }

  /// Fills a list by a kernel that returns how many elements it has written.
  @inlinable @inline(__always)
  func fill(
    _ list: Int, isNext: Bool,
    by write: (_ indices: UnsafeMutablePointer<UInt16>, _ elements: UnsafeMutablePointer<Element>) -> Int
  ) {
    let start = start(of: list, isNext: isNext)
    starts[list] = start
    counts[list] = UInt32(truncatingIfNeeded: write(indices + start, elements + start))
  }

  /// The lists as the kernels read them.
  @inlinable
  func tag(scale: UnsafePointer<mnist_byte_scale>?) -> mnist_lists {
    mnist_lists(
      indices: UnsafePointer(indices), elements: UnsafeRawPointer(elements), starts: UnsafePointer(starts),
      counts: UnsafePointer(counts), scale: scale)
  }

  /// A list, with what fills its last group of four.
  @inlinable
  subscript(list: Int) -> (indices: UnsafePointer<UInt16>, elements: UnsafePointer<Element>, count: Int) {
    (UnsafePointer(indices + starts[list]), UnsafePointer(elements + starts[list]), Int(counts[list]))
  }
}
