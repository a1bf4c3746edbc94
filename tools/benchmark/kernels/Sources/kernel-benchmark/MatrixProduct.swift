internal import CKernels
internal import Foundation

/// A measurement of the batch kernels' matrix product with float32 numbers.
///
/// The product is c `[rows, columns]` = a `[rows, depth]` · b `[depth, columns]`. The matrix b is stored in panels, as the
/// weights of a network are.
struct MatrixProduct: Encodable {
  var instructionSet: String
  var rows: Int
  var columns: Int
  var depth: Int
  /// Whether a is stored transposed and read by columns, as for gradients.
  var isTransposed: Bool
  var gigaflops: Double

  /// The measured shapes: the forward passes of a small and of a large layer, and a gradient.
  private static let shapes = [(128, 128, 784, false), (256, 1024, 1024, false), (1024, 1024, 256, true)]

  /// Returns the largest of several measurements, for each shape and each instruction set of this processor.
  static func measured(repeats: Int) -> [MatrixProduct] {
    let sets = [("plain", MNIST_PLAIN), ("avx2", MNIST_AVX2), ("avx512", MNIST_AVX512)].filter { mnist_has($0.1) }
    return sets.flatMap { name, set in
      shapes.map { rows, columns, depth, isTransposed in
        measured(name, set, rows: rows, columns: columns, depth: depth, isTransposed: isTransposed, repeats: repeats)
      }
    }
  }

  private static func measured(
    _ name: String, _ set: mnist_instruction_set, rows: Int, columns: Int, depth: Int, isTransposed: Bool, repeats: Int
  ) -> MatrixProduct {
    guard let kernels = mnist_batch_kernels_for(MNIST_FLOAT32, set) else {
      preconditionFailure("the instruction set \(name) is not available")
    }
    let width = Int(MNIST_PANEL_BYTES) / MemoryLayout<Float>.stride
    let (a, b, c) = (ones(rows * depth), ones(depth * columns), ones(rows * columns))
    defer { for matrix in [a, b, c] { matrix.deallocate() } }
    let products = max(1, 400_000_000 / (rows * columns * depth))
    let seconds = (0..<repeats).map { _ in
      let start = ContinuousClock.now
      for _ in 0..<products {
        for panel in 0..<columns / width {
          kernels.pointee.multiply(
            c + panel * width, columns, a, isTransposed ? 1 : depth, isTransposed ? rows : 1,
            b + panel * width * depth, width, width, rows, depth)
        }
      }
      return (ContinuousClock.now - start) / .seconds(1)
    }
    precondition(
      (0..<rows * columns).allSatisfy { c[$0] == Float(depth) }, "each element must be the sum of `depth` ones")
    let operations = 2 * Double(rows * columns * depth * products)
    return MatrixProduct(
      instructionSet: name, rows: rows, columns: columns, depth: depth, isTransposed: isTransposed,
      gigaflops: operations / (seconds.min() ?? .infinity) / 1e9)
  }

  private static func ones(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = count * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let scalars = memory.bindMemory(to: Float.self, capacity: count)
    scalars.initialize(repeating: 1, count: count)
    return scalars
  }
}
