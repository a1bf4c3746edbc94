public import Matrices
public import Normalization

/// Samples to train on, stored without their zeros.
///
/// ```swift
/// let samples = try Samples(pixels: data.pixels, featureCount: data.featureCount, normalizer: normalizer)
/// ```
///
/// Four of five pixels of a digit are 0. A zero adds nothing to a sum and changes no weight, so leaving it out saves
/// most of the work, and most of the memory: a feature that is not 0 takes 12 bytes, a zero none. Only the sums' rounding
/// changes, as their terms are grouped by their place in the list.
///
/// Each sample gets the constant 1 that feeds the biases appended, with the index `featureCount`.
public struct Samples: Sendable {
  /// The features of one sample that are not 0: where they stand, and what they are.
  struct Sample {
    let indices: UnsafePointer<UInt32>
    let values: UnsafePointer<Double>
    let count: Int
  }

  /// The number of features of each sample.
  public let featureCount: Int

  /// Sample i is at `starts[i]..<starts[i + 1]` of `indices` and `values`.
  private var starts = [0]
  private var indices: [UInt32] = []
  private var values: [Double] = []

  /// Normalised features, `[sampleCount, featureCount]`.
  ///
  /// - Complexity: O(sampleCount * featureCount).
  public init(_ matrix: Matrix<Double>) {
    featureCount = matrix.columnCount
    append(matrix)
  }

  /// Images as bytes, normalised on the way in.
  ///
  /// - Parameters:
  ///   - pixels: `[sampleCount, featureCount]`, row after row.
  ///   - featureCount: the number of pixels in an image, at least 1.
  ///   - normalizer: how the pixels are scaled.
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images, or the normaliser was fitted to
  ///   another number of features.
  /// - Complexity: O(pixels.count); of the scaled pixels only a block at a time is held, the zeros among them never.
  public init(pixels: [UInt8], featureCount: Int, normalizer: Normalizer) throws(NormalizationError) {
    precondition(featureCount > 0, "an image has pixels")
    self.featureCount = featureCount
    // A block of 256 images of 28x28 is 1.6 MB as float64, and stays in the processor's cache.
    let blockByteCount = 256 * featureCount
    for start in stride(from: 0, to: pixels.count, by: blockByteCount) {
      let block = Array(pixels[start..<min(start + blockByteCount, pixels.count)])
      append(try normalizer.transform(bytes: block, columnCount: featureCount))
    }
  }

  /// The number of samples.
  public var count: Int { starts.count - 1 }

  private mutating func append(_ matrix: Matrix<Double>) {
    // Every instruction set finds the same elements.
    let kernels = Kernels(available: .widest)
    // A row's features and the constant, written here first: how many there will be shows only then.
    let rowIndices = AlignedBuffer<UInt32>(count: featureCount + 1)
    let rowValues = AlignedBuffer<Double>(count: featureCount + 1)
    matrix.withUnsafeElements { elements in
      for row in 0..<matrix.rowCount {
        var count = 0
        if let base = elements.baseAddress {
          count = kernels.compress(
            base + row * featureCount, count: featureCount, indices: rowIndices.pointer, nonzero: rowValues.pointer)
        }
        rowIndices.pointer[count] = UInt32(truncatingIfNeeded: featureCount)
        rowValues.pointer[count] = 1
        count += 1
        indices.append(contentsOf: UnsafeBufferPointer(start: rowIndices.pointer, count: count))
        values.append(contentsOf: UnsafeBufferPointer(start: rowValues.pointer, count: count))
        starts.append(indices.count)
      }
    }
    withExtendedLifetime((rowIndices, rowValues)) {}
  }

  /// Calls `body` with a view on the samples, so that a loop over them costs no more than the pointers' arithmetic.
  func withSamples<Result, Failure: Error>(_ body: (View) throws(Failure) -> Result) throws(Failure) -> Result {
    try indices.withUnsafeBufferPointer { indices throws(Failure) in
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try starts.withUnsafeBufferPointer { starts throws(Failure) in
          try body(View(starts: starts, indices: indices, values: values))
        }
      }
    }
  }

  /// The samples, for as long as the call that gives it lasts.
  struct View {
    fileprivate let starts: UnsafeBufferPointer<Int>
    fileprivate let indices: UnsafeBufferPointer<UInt32>
    fileprivate let values: UnsafeBufferPointer<Double>

    var count: Int { starts.count - 1 }

    subscript(index: Int) -> Sample {
      let start = starts[index]
      // A sample has at least the constant, so that where there is one there are base addresses.
      return Sample(
        indices: indices.baseAddress! + start, values: values.baseAddress! + start, count: starts[index + 1] - start)
    }
  }
}
