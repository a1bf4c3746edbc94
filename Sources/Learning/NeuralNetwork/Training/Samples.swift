public import Matrices
public import Normalization
internal import Pixels

/// Samples to train on or to predict from.
///
/// ```swift
/// let samples = try Samples(pixels: data.pixels, featureCount: data.featureCount, normalizer: normalizer)
/// ```
///
/// Images stay the bytes that they are, shared with the array or the mapped files they came in, until a training needs
/// their numbers, a batch at a time. Four of five pixels of a digit are 0 once scaled. A zero adds nothing to a sum
/// or to a gradient, so it is left out there, which saves most of the work.
public struct Samples: Sendable {
  enum Storage: Sendable {
    /// Images in `pixels`, those at `indices` in their order, or all.
    case pixels(PixelBytes, indices: [Int]?, scale: PixelScale)
    /// Normalised features, `[sampleCount, featureCount]`.
    case features(Matrix<Double>)
  }

  let storage: Storage

  /// The number of features of each sample.
  public let featureCount: Int

  /// The number of samples.
  public let count: Int

  /// Normalised features, `[sampleCount, featureCount]`.
  public init(_ matrix: Matrix<Double>) {
    storage = .features(matrix)
    featureCount = matrix.columnCount
    count = matrix.rowCount
  }

  /// Images as bytes, normalised when they are used.
  ///
  /// - Parameters:
  ///   - pixels: `[imageCount, featureCount]`, row after row.
  ///   - featureCount: the number of pixels in an image, at least 1.
  ///   - indices: which images are the samples, in their order; all, as they come, where nil.
  ///   - normalizer: how the pixels are scaled.
  /// - Precondition: there are images with those indices.
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images, or the normaliser was fitted to
  ///   another number of features.
  /// - Complexity: O(featureCount), and O(indices.count); the pixels of an array or of `PixelBytes` are not copied.
  public init(
    pixels: some Collection<UInt8>, featureCount: Int, at indices: [Int]? = nil, normalizer: Normalizer
  ) throws(NormalizationError) {
    precondition(featureCount > 0, "an image has pixels")
    guard pixels.count.isMultiple(of: featureCount) else {
      throw .byteCount(found: pixels.count, columnCount: featureCount)
    }
    let imageCount = pixels.count / featureCount
    precondition(indices?.allSatisfy { $0 >= 0 && $0 < imageCount } ?? true, "an index is that of an image")
    storage = .pixels(
      PixelBytes(pixels).inWholeRows(of: featureCount), indices: indices,
      scale: try PixelScale(normalizer, featureCount: featureCount))
    self.featureCount = featureCount
    count = indices?.count ?? imageCount
  }
}
