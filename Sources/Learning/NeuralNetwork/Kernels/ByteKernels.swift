internal import CKernels

/// What is done to bytes whatever the precision and the instructions.
package enum ByteKernels {
  /// Asks for the cache lines of bytes that will soon be read.
  package static func prefetch(_ bytes: UnsafePointer<UInt8>, count: Int) {
    mnist_prefetch(bytes, count)
  }

  /// Asks for the cache lines of bytes that will soon be written, so that no other core has them any more.
  package static func prefetchToWrite(_ bytes: UnsafePointer<UInt8>, count: Int) {
    mnist_prefetch_to_write(bytes, count)
  }
}
