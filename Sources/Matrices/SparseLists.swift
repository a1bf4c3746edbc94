package import CKernels

/// What bytes stand for: byte b for element b of a table of 256, of which the one of `blank` is 0.
package struct ByteScale<Scalar: KernelScalar> {
  @usableFromInline package let tag: mnist_byte_scale

  /// - Parameters:
  ///   - values: `[256]`.
  ///   - blank: a byte whose value is 0.
  ///   - workspace: what the table lives in.
  package init(_ values: UnsafePointer<Double>, blank: UInt8, in workspace: Workspace) {
    let table = workspace.allocate(Scalar.self, count: 256)
    for byte in 0..<256 { table[byte] = Scalar(values[byte]) }
    // Vectors of bytes are scaled faster by arithmetic than by looking them up, where that gives the same numbers.
    let farthest = blank < 128 ? 255 : 0
    let slope = values[farthest] / Double(farthest - Int(blank))
    let (high, low) = (Float(slope), Float(slope - Double(Float(slope))))
    let isLinear = (0..<256).allSatisfy { byte in
      let distance = Float(byte - Int(blank))
      return (distance * low).addingProduct(distance, high) == Float(values[byte])
    }
    tag = mnist_byte_scale(
      table: UnsafeRawPointer(table), blank: blank, is_linear: isLinear, slope: high, slope_rest: low)
  }

  /// The byte that stands for 0.
  package var blank: UInt8 { tag.blank }
}

/// Lists of scalars that are not 0 and of where they stood. List l begins at l * `stride`.
package struct SparseLists<Scalar: KernelScalar> {
  @usableFromInline let indices: UnsafeMutablePointer<UInt16>
  @usableFromInline let values: UnsafeMutablePointer<Scalar>
  @usableFromInline let counts: UnsafeMutablePointer<UInt32>
  @usableFromInline package let tag: mnist_lists

  /// The most bytes that a list of 16-bit indices can be made from.
  package static var maximumLength: Int { 1 << 16 }

  /// Whether bytes are few enough for a list of 16-bit indices.
  package static func canHold(_ length: Int) -> Bool { length <= maximumLength }

  /// Room for lists of so many bytes.
  ///
  /// - Precondition: they can be held.
  package init(count: Int, length: Int, in workspace: Workspace) {
    precondition(Self.canHold(length), "a list's indices have 16 bits")
    // The kernel may write some elements more than there are.
    let stride = length + 19
    indices = workspace.allocate(count: count * stride)
    values = workspace.allocate(count: count * stride)
    counts = workspace.allocate(count: count)
    tag = mnist_lists(
      indices: UnsafePointer(indices), values: UnsafeRawPointer(values), counts: UnsafePointer(counts), stride: stride)
  }

  /// Fills a list from bytes, of which blank ones are left out.
  @inlinable @inline(__always)
  package func fill(
    _ list: Int, from bytes: UnsafePointer<UInt8>, count: Int, scale: ByteScale<Scalar>, _ kernels: BatchKernels<Scalar>
  ) {
    let place = list * tag.stride
    let found = withUnsafePointer(to: scale.tag) {
      kernels.table.pointee.list(indices + place, values + place, bytes, count, $0)
    }
    counts[list] = UInt32(truncatingIfNeeded: found)
  }

  /// Fills a list from scalars, of which those that are 0 are left out.
  @inlinable @inline(__always)
  package func fill(_ list: Int, from scalars: UnsafePointer<Scalar>, count: Int, _ kernels: BatchKernels<Scalar>) {
    let place = list * tag.stride
    let found = kernels.table.pointee.list_scalars(indices + place, values + place, scalars, count)
    counts[list] = UInt32(truncatingIfNeeded: found)
  }

  /// A list's elements, with the zeros that fill its last group of four.
  package subscript(list: Int) -> (indices: UnsafePointer<UInt16>, values: UnsafePointer<Scalar>, count: Int) {
    let place = list * tag.stride
    return (UnsafePointer(indices + place), UnsafePointer(values + place), Int(counts[list]))
  }
}
