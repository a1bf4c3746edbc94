public import CKernels

/// What bytes stand for: byte b for element b of a table of 256, of which the one of `blank` is 0.
@usableFromInline
package struct ByteScale<Scalar: KernelScalar> {
  // In memory of its own, which lists point to.
  @usableFromInline let storage: UnsafeMutablePointer<mnist_byte_scale>
  @usableFromInline let table: UnsafeMutablePointer<Scalar>

  /// - Parameters:
  ///   - values: `[256]`.
  ///   - blank: a byte whose value is 0.
  ///   - workspace: what the table lives in.
  package init(_ values: UnsafePointer<Double>, blank: UInt8, in workspace: Workspace) {
    let table = workspace.allocate(Scalar.self, count: 256)
    for byte in 0..<256 { table[byte] = Scalar(values[byte]) }
    // Sums of bytes are scaled, and no numbers looked up, where each byte's number is a multiple of its distance from the blank
    // one, to the bit.
    let farthest = blank < 128 ? 255 : 0
    let slope = values[farthest] / Double(farthest - Int(blank))
    let (high, low) = (Float(slope), Float(slope - Double(Float(slope))))
    let isLinear = (0..<256).allSatisfy { byte in
      let distance = Float(byte - Int(blank))
      return (distance * low).addingProduct(distance, high) == Float(values[byte])
    }
    self.table = table
    storage = workspace.allocate(count: 1)
    storage.pointee = mnist_byte_scale(
      table: UnsafeRawPointer(table), blank: blank, is_linear: isLinear, slope: high, slope_rest: low)
  }

  /// The same for the kernels.
  @inlinable
  package var tag: UnsafePointer<mnist_byte_scale> { UnsafePointer(storage) }

  /// The byte that stands for 0.
  @inlinable
  package var blank: UInt8 { storage.pointee.blank }

  /// What a byte stands for.
  @inlinable
  package subscript(byte: UInt8) -> Scalar { table[Int(byte)] }
}
