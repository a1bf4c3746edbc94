/// Memory for a fixed number of scalars, aligned to 64 bytes (a cache line, and the widest vector), freed with the object.
///
/// The storage under ``Matrix``, and what the kernels read and write. All bits are zero at first.
package final class AlignedBuffer<Scalar: BitwiseCopyable>: @unchecked Sendable {
  // Sendable is sound only while a buffer has one owner that writes: Matrix copies before it writes to a shared one.

  /// The scalars.
  package let pointer: UnsafeMutablePointer<Scalar>

  /// How many there are.
  package let count: Int

  /// A buffer of `count` scalars, all bits zero.
  package init(count: Int) {
    precondition(count >= 0, "a buffer's count is not negative")
    let byteCount = max(count, 1) * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.pointer = raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
    self.count = count
  }

  /// A buffer with a copy of the scalars of another.
  package convenience init(copying other: AlignedBuffer<Scalar>) {
    self.init(count: other.count)
    withExtendedLifetime(other) { pointer.update(from: other.pointer, count: count) }
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
