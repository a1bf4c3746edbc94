public import Matrices
public import Pixels

/// Scaled samples, `[sampleCount, featureCount]`, for training or prediction.
///
/// ```swift
/// let samples = try scaler.transform(data.pixels, featureCount: data.featureCount)
/// let training = samples.rows(at: split.train)
/// let numbers = training.matrix()
/// ```
///
/// Images stay bytes in the original array or mapped file. They are scaled only when a batch needs their numbers.
///
/// About four fifths of a digit's pixels are 0 after scaling. A zero adds nothing to a sum or to a gradient. Training
/// skips the zeros, which saves most of its work.
public struct Samples: Sendable {
  private enum Storage: Sendable {
    /// Images as bytes in whole rows.
    ///
    /// `values` is a table of the scaled values of all bytes. Its shape is `[256]`, or `[256, featureCount]` if the
    /// scaling depends on the feature. `blank` is the byte that is scaled to 0 for every feature.
    case pixels(PixelBytes, values: Matrix<Double>, blank: UInt8?)
    case matrix(Matrix<Double>)
  }

  private let storage: Storage
  /// The storage row of each sample; nil if the samples are all rows in their original order.
  private let indices: [Int]?

  /// The number of features of each sample.
  public let featureCount: Int

  /// The number of samples.
  public let count: Int

  private init(_ storage: Storage, at indices: [Int]?, featureCount: Int, count: Int) {
    (self.storage, self.indices, self.featureCount, self.count) = (storage, indices, featureCount, count)
  }

  /// Creates samples from scaled features, `[sampleCount, featureCount]`.
  public init(_ matrix: Matrix<Double>) {
    self.init(.matrix(matrix), at: nil, featureCount: matrix.columnCount, count: matrix.rowCount)
  }

  /// Creates samples from the pixels of a whole number of images.
  ///
  /// - Parameters:
  ///   - values: The scaled value of each byte, `[256, 1]` or `[256, featureCount]`.
  ///   - isUniform: Whether every feature is scaled in the same way.
  init(pixels: some Collection<UInt8>, featureCount: Int, values: Matrix<Double>, isUniform: Bool) {
    let blank = isUniform ? values.elements.firstIndex(of: 0).map { UInt8($0) } : nil
    self.init(
      .pixels(PixelBytes(pixels).inWholeRows(of: featureCount), values: values, blank: blank), at: nil,
      featureCount: featureCount, count: pixels.count / featureCount)
  }

  /// Returns the samples with the given indices, in the order of the indices. The features are not copied.
  ///
  /// - Precondition: Each index is in `0..<count`.
  public func rows(at indices: [Int]) -> Samples {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count }, "a sample index is out of range")
    return Samples(
      storage, at: self.indices.map { own in indices.map { own[$0] } } ?? indices, featureCount: featureCount,
      count: indices.count)
  }

  /// Returns the samples as numbers, `[sampleCount, featureCount]`.
  public func matrix() -> Matrix<Double> {
    if case .matrix(let matrix) = storage { return indices.map { matrix.rows(at: $0) } ?? matrix }
    var matrix = Matrix<Double>(rowCount: count, columnCount: featureCount)
    guard count > 0 else { return matrix }
    matrix.withUnsafeMutableElements { elements in
      withMemory { memory in
        for index in 0..<count { memory.write(index, to: elements.baseAddress! + index * featureCount) }
      }
    }
    return matrix
  }

  /// Calls `body` with pointers to the samples' storage. The pointers are valid only during the call.
  ///
  /// - Precondition: There is at least one sample with at least one feature.
  package func withMemory<Result, Failure: Error>(
    _ body: (SampleMemory) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(count > 0 && featureCount > 0, "there must be at least one sample with at least one feature")
    // An empty array replaces missing indices, so that the same closures serve samples with and without indices.
    return try (indices ?? []).withUnsafeBufferPointer { (order) throws(Failure) in
      let order = indices == nil ? nil : order.baseAddress
      switch storage {
      case .matrix(let matrix):
        return try matrix.withUnsafeElements { (elements) throws(Failure) in
          try body(
            SampleMemory(
              pixels: nil, values: nil, isUniform: true, blank: nil, features: elements.baseAddress!, order: order,
              featureCount: featureCount, count: count))
        }
      case .pixels(let pixels, let values, let blank):
        return try pixels.withUnsafeRows(of: featureCount) { (pixels) throws(Failure) in
          try values.withUnsafeElements { (table) throws(Failure) in
            try body(
              SampleMemory(
                pixels: pixels, values: table.baseAddress!, isUniform: values.columnCount == 1, blank: blank,
                features: nil, order: order, featureCount: featureCount, count: count))
          }
        }
      }
    }
  }
}

/// Pointers to the storage of ``Samples``. The pointers are valid only inside `withMemory`.
///
/// Plain pointers make access to a sample as cheap as pointer arithmetic. All members are inlinable because the
/// training code of another module reads samples in its inner loops.
@usableFromInline
package struct SampleMemory {
  /// The images, `[imageCount, featureCount]`; nil if the samples are numbers.
  @usableFromInline let pixels: UnsafePixelRows?
  /// A table of the scaled values of all bytes; nil if the samples are numbers.
  ///
  /// The shape is `[256]`, or `[256, featureCount]` if the scaling depends on the feature.
  @usableFromInline let values: UnsafePointer<Double>?
  @usableFromInline let isUniform: Bool
  @usableFromInline let blank: UInt8?
  /// The features, `[rowCount, featureCount]`; nil if the samples are pixels.
  @usableFromInline let features: UnsafePointer<Double>?
  /// The storage row of each sample; nil if the samples are all rows in their original order.
  @usableFromInline let order: UnsafePointer<Int>?
  @usableFromInline package let featureCount: Int
  @usableFromInline package let count: Int

  /// A table of the scaled values of all bytes, `[256]`, and the byte that is scaled to 0.
  ///
  /// The property is nil if the samples are not bytes, or if no byte is scaled to 0 for every feature.
  @inlinable package var sparseScale: (table: UnsafePointer<Double>, blank: UInt8)? {
    guard let values, let blank else { return nil }
    return (values, blank)
  }

  /// Returns the bytes of one sample, `[featureCount]`.
  ///
  /// - Precondition: The samples are pixels.
  @inlinable package func bytes(_ index: Int) -> UnsafePointer<UInt8> {
    guard let pixels else { preconditionFailure("the samples are not bytes") }
    return pixels[row(index)]
  }

  /// Writes the `featureCount` features of one sample to `target`, including zeros.
  @inlinable package func write<Scalar: BinaryFloatingPoint>(_ index: Int, to target: UnsafeMutablePointer<Scalar>) {
    if let features {
      let features = features + row(index) * featureCount
      for feature in 0..<featureCount { target[feature] = Scalar(features[feature]) }
    } else if let values {
      let bytes = bytes(index)
      if isUniform {
        for feature in 0..<featureCount { target[feature] = Scalar(values[Int(bytes[feature])]) }
      } else {
        for feature in 0..<featureCount {
          target[feature] = Scalar(values[Int(bytes[feature]) * featureCount + feature])
        }
      }
    }
  }

  @inlinable func row(_ index: Int) -> Int { order.map { $0[index] } ?? index }
}
