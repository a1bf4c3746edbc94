internal import CKernels

/// What is done to bytes whatever the precision.
package enum ByteKernels {
  /// out[column, row] = rows[row][firstColumn + column]; both counts are multiples of 16.
  package static func transpose(
    _ rows: UnsafePointer<UnsafePointer<UInt8>?>, rowCount: Int, firstColumn: Int, columnCount: Int,
    into out: UnsafeMutablePointer<UInt8>, stride: Int
  ) {
    mnist_transpose_bytes(out, stride, rows, rowCount, firstColumn, columnCount)
  }

  /// Asks for the cache lines of bytes that will soon be read.
  package static func prefetch(_ bytes: UnsafePointer<UInt8>, count: Int) {
    mnist_prefetch(bytes, count)
  }
}
