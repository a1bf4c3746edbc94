public import Matrices
public import Pixels

/// Scaled samples, `[sampleCount, featureCount]`, to train on or to predict from.
///
/// ```swift
/// let samples = try scaler.transform(data.pixels, featureCount: data.featureCount)
/// let training = samples.rows(at: split.train)
/// let numbers = training.matrix()
/// ```
///
/// Images stay the bytes that they are, shared with the array or the mapped files they came in, until their numbers are
/// needed, a batch at a time. Four of five pixels of a digit are 0 once scaled. A zero adds nothing to a sum or to a
/// gradient, so a training leaves it out, which saves most of the work.
public struct Samples: Sendable {
  private enum Storage: Sendable {
    /// Bytes in whole rows; the scaled value of each byte, `[256]`, or `[256, featureCount]` if it depends on the feature;
    /// and the byte that every feature scales to 0.
    case pixels(PixelBytes, values: Matrix<Double>, blank: UInt8?)
    case matrix(Matrix<Double>)
  }

  private let storage: Storage
  /// The rows of the storage that are the samples, in their order; nil for all.
  private let indices: [Int]?

  /// The number of features of each sample.
  public let featureCount: Int

  /// The number of samples.
  public let count: Int

  private init(_ storage: Storage, at indices: [Int]?, featureCount: Int, count: Int) {
    (self.storage, self.indices, self.featureCount, self.count) = (storage, indices, featureCount, count)
  }

  /// Scaled features, `[sampleCount, featureCount]`.
  public init(_ matrix: Matrix<Double>) {
    self.init(.matrix(matrix), at: nil, featureCount: matrix.columnCount, count: matrix.rowCount)
  }

  /// A whole number of images. `isUniform` says whether every feature is scaled in the same way.
  init(pixels: some Collection<UInt8>, featureCount: Int, values: Matrix<Double>, isUniform: Bool) {
    let blank = isUniform ? values.elements.firstIndex(of: 0).map { UInt8($0) } : nil
    self.init(
      .pixels(PixelBytes(pixels).inWholeRows(of: featureCount), values: values, blank: blank), at: nil,
      featureCount: featureCount, count: pixels.count / featureCount)
  }

  /// Returns the samples with the given indices, in the given order. Only the indices are copied.
  ///
  /// - Precondition: There are samples with those indices.
  public func rows(at indices: [Int]) -> Samples {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count }, "an index is that of a sample")
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

  /// Calls `body` with pointers to the samples' storage. There is at least one sample with at least one feature.
  package func withMemory<Result, Failure: Error>(
    _ body: (SampleMemory) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(count > 0 && featureCount > 0, "there are samples")
    // An empty array stands in for no indices, so that one nest of closures does for both.
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

/// Pointers to the storage of ``Samples``, valid only inside `withMemory`.
///
/// They are plain pointers so that asking for a sample costs nothing but arithmetic. Everything is inlinable, because
/// trainings in another module ask for samples in their inner loops.
@usableFromInline
package struct SampleMemory {
  /// `[imageCount, featureCount]`; nil if the samples are numbers.
  @usableFromInline let pixels: UnsafePixelRows?
  /// The scaled value of each byte, `[256]`, or `[256, featureCount]`; nil if the samples are numbers.
  @usableFromInline let values: UnsafePointer<Double>?
  @usableFromInline let isUniform: Bool
  @usableFromInline let blank: UInt8?
  /// `[rowCount, featureCount]`; nil if the samples are pixels.
  @usableFromInline let features: UnsafePointer<Double>?
  /// The row of each sample; nil if the rows are the samples.
  @usableFromInline let order: UnsafePointer<Int>?
  @usableFromInline package let featureCount: Int
  @usableFromInline package let count: Int

  /// The scaled value of each byte, `[256]`, and the byte whose value is 0; nil if the samples are not bytes, or if no byte
  /// has the value 0 for every feature.
  @inlinable package var sparseScale: (table: UnsafePointer<Double>, blank: UInt8)? {
    guard let values, let blank else { return nil }
    return (values, blank)
  }

  /// Returns the bytes of a sample of pixels, `[featureCount]`.
  @inlinable package func bytes(_ index: Int) -> UnsafePointer<UInt8> {
    guard let pixels else { preconditionFailure("the samples are not bytes") }
    return pixels[row(index)]
  }

  /// Writes the features of a sample, `[featureCount]`, including zeros.
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
