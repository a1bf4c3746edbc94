/// The numbers that batch kernels exist for: `Float` and `Double`.
@usableFromInline
package protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// Whether it is the one of 32 bits.
  static var isFloat32: Bool { get }
}

extension Float: KernelScalar {
  @inlinable
  package static var isFloat32: Bool { true }
}
extension Double: KernelScalar {
  @inlinable
  package static var isFloat32: Bool { false }
}

extension KernelScalar {
  /// The columns of a panel, the strip of a matrix that products are made with: 32 of float32, 16 of float64.
  @inlinable
  package static var panelWidth: Int { 128 / MemoryLayout<Self>.stride }  // MNIST_PANEL_BYTES

  /// The smallest multiple of a cache line's scalars that is not below a length.
  @inlinable
  package static func paddedLength(_ length: Int) -> Int {
    let lanes = 64 / MemoryLayout<Self>.stride
    return (length + lanes - 1) / lanes * lanes
  }
}
