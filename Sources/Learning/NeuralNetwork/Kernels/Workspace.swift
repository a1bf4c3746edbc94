internal import Matrices

/// Memory that lives as long as this object: what training steps work in.
///
/// Inner loops that several threads go through hold plain pointers into it and no objects, as the threads would otherwise
/// keep each other waiting by counting references to the same ones.
package final class Workspace {
  private var owners: [AnyObject] = []

  package init() {}

  /// Scalars, all bits zero, aligned to 64 bytes.
  package func allocate<Scalar: BitwiseCopyable>(
    _: Scalar.Type = Scalar.self, count: Int
  ) -> UnsafeMutablePointer<Scalar> {
    let buffer = AlignedBuffer<Scalar>(count: count)
    owners.append(buffer)
    return buffer.pointer
  }

  /// Rows of at least so many scalars, all bits zero. They lie an odd number of cache lines apart: rows a power of two apart
  /// would get into each other's way in a cache as soon as a few columns of many of them are used.
  package func allocateRows<Scalar: KernelScalar>(
    _: Scalar.Type = Scalar.self, count: Int, columnCount: Int
  ) -> RowsPointer<Scalar> {
    let stride = Scalar.paddedLength(columnCount) | Scalar.paddedLength(1)
    return RowsPointer(allocate(count: count * stride), stride: stride)
  }

  /// Scalars that nobody has written to, aligned to 64 bytes: the system gives memory only for those that are written.
  package func allocateUntouched<Scalar: BitwiseCopyable>(
    _: Scalar.Type = Scalar.self, count: Int
  ) -> UnsafeMutablePointer<Scalar> {
    let buffer = UntouchedBuffer(byteCount: count * MemoryLayout<Scalar>.stride)
    owners.append(buffer)
    return buffer.start.bindMemory(to: Scalar.self, capacity: count)
  }

  private final class UntouchedBuffer {
    let start: UnsafeMutableRawPointer

    init(byteCount: Int) { start = .allocate(byteCount: max(byteCount, 1), alignment: 64) }

    deinit { start.deallocate() }
  }
}
