internal import CKernels

/// What is done to bytes whatever the precision and the instructions.
package enum ByteKernels {
  /// Asks for the cache lines of bytes that will soon be read.
  package static func prefetch(_ bytes: UnsafePointer<UInt8>, count: Int) {
    mnist_prefetch(bytes, count)
  }
}
