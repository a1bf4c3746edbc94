public import Matrices

/// A way to scale features. A scaler is fitted to data once. It can then be stored and applied to other data.
///
/// ```swift
/// let scaler = try MinMaxScaler.fit(data.pixels)
/// let samples = try scaler.transform(data.pixels, featureCount: data.featureCount)
/// ```
public protocol Scaler: Codable, Equatable, Sendable {
  /// The number of features that the scaler was fitted to; nil if it scales any number of features in the same way.
  var featureCount: Int? { get }

  /// Returns the scaled value of a feature. `feature` is ignored if ``featureCount`` is nil.
  func scaled(_ value: Double, feature: Int) -> Double

  /// Returns the value of a feature before scaling. It is the inverse of ``scaled(_:feature:)``, up to rounding.
  func unscaled(_ value: Double, feature: Int) -> Double
}

extension Scaler {
  /// Returns the scaled data, `[sampleCount, featureCount]`.
  ///
  /// - Parameter matrix: The data, `[sampleCount, featureCount]`. It may have no samples.
  /// - Throws: ``NormalizationError`` if a value is not finite, or if the scaler was fitted to another number of
  ///   features.
  /// - Complexity: O(sampleCount * featureCount).
  public func transform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try map(matrix, scaled)
  }

  /// Returns the data before scaling, `[sampleCount, featureCount]`.
  ///
  /// The result is the inverse of `transform`, up to rounding.
  ///
  /// - Throws: ``NormalizationError`` if a value is not finite, or if the scaler was fitted to another number of
  ///   features.
  /// - Complexity: O(sampleCount * featureCount).
  public func inverseTransform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try map(matrix, unscaled)
  }

  /// Returns images as scaled samples in a compact form, `[imageCount, featureCount]`.
  ///
  /// The samples keep the pixels as bytes and have a table of the scaled values. The numbers of ``Samples/matrix()``
  /// equal those of scaling a matrix of the pixels, bit for bit.
  ///
  /// - Parameters:
  ///   - pixels: The pixels of all images, image after image. An array or `PixelBytes` is not copied.
  ///   - featureCount: The number of pixels in an image, at least 1.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or if the scaler was fitted to
  ///   another number of features.
  /// - Complexity: O(featureCount) if each feature has its own scaling, otherwise O(1).
  public func transform(
    _ pixels: some Collection<UInt8>, featureCount: Int
  ) throws(NormalizationError) -> Samples {
    try requireWholeRows(pixels.count, of: featureCount)
    try requireFeatureCount(featureCount)
    let columnCount = self.featureCount ?? 1
    let values = Matrix(
      rowCount: 256, columnCount: columnCount,
      elements: (0..<256 * columnCount).map { scaled(Double($0 / columnCount), feature: $0 % columnCount) })
    return Samples(pixels: pixels, featureCount: featureCount, values: values, isUniform: self.featureCount == nil)
  }

  /// The largest magnitude that a pixel from 0 to 255 can have after scaling; infinite if a scaled pixel is not finite.
  var largestMagnitudeOfPixels: Double {
    // Scaling is linear, so the pixels 0 and 255 give the extreme results.
    let magnitudes = (0..<(featureCount ?? 1)).flatMap { [abs(scaled(0, feature: $0)), abs(scaled(255, feature: $0))] }
    return magnitudes.allSatisfy(\.isFinite) ? magnitudes.max() ?? 0 : .infinity
  }

  /// Returns a matrix of the same shape. Its elements are the results of `body` for each element and its column.
  private func map(
    _ matrix: Matrix<Double>, _ body: (_ value: Double, _ feature: Int) -> Double
  ) throws(NormalizationError) -> Matrix<Double> {
    try requireFeatureCount(matrix.columnCount)
    try matrix.requireFinite()
    var result = matrix
    result.withUnsafeMutableElements { elements in
      var index = 0
      for _ in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          elements[index] = body(elements[index], column)
          index += 1
        }
      }
    }
    return result
  }

  private func requireFeatureCount(_ found: Int) throws(NormalizationError) {
    if let featureCount, featureCount != found { throw .featureCount(expected: featureCount, found: found) }
  }
}

/// Throws an error if the bytes are not a whole number of rows.
func requireWholeRows(_ byteCount: Int, of columnCount: Int) throws(NormalizationError) {
  precondition(columnCount > 0, "a row must have at least one byte")
  guard byteCount.isMultiple(of: columnCount) else { throw .byteCount(found: byteCount, columnCount: columnCount) }
}

extension Matrix<Double> {
  /// Throws an error if no scaler can be fitted, because the matrix is empty or a value is not finite.
  func requireFittable() throws(NormalizationError) {
    guard rowCount > 0, columnCount > 0 else { throw .noData(rowCount: rowCount, columnCount: columnCount) }
    try requireFinite()
  }

  fileprivate func requireFinite() throws(NormalizationError) {
    let place = withUnsafeElements { elements in elements.firstIndex { !$0.isFinite } }
    if let place { throw .notFinite(row: place / columnCount, column: place % columnCount) }
  }
}

/// The set of values that share one scaling: each feature alone, or all features.
public enum ScalingScope: String, CaseIterable, Codable, Equatable, Sendable {
  /// One scaling for each feature, as in scikit-learn. The columns of a matrix are scaled independently.
  case feature
  /// One scaling for all features. Equal pixels of an image stay equal.
  case whole
}

/// The reason why data cannot be scaled.
public enum NormalizationError: Error, Equatable, Sendable {
  /// The data has no rows or no columns, so a scaler cannot be fitted.
  case noData(rowCount: Int, columnCount: Int)

  /// A value is infinite or not a number.
  case notFinite(row: Int, column: Int)

  /// The number of features differs from the number that the scaler was fitted to.
  case featureCount(expected: Int, found: Int)

  /// The range or the variance of the values is larger than the largest `Double`. The column is nil if all columns
  /// share one scaling.
  case overflow(column: Int?)

  /// The number of bytes is not a multiple of the length of a row.
  case byteCount(found: Int, columnCount: Int)
}

extension NormalizationError: CustomStringConvertible {
  /// The error message: one sentence.
  public var description: String {
    switch self {
    case .noData(let rowCount, let columnCount):
      "a scaler cannot be fitted: the data has \(rowCount) rows and \(columnCount) columns, expected at least 1 of each"
    case .notFinite(let row, let column):
      "the value in row \(row), column \(column) is not a finite number"
    case .featureCount(let expected, let found):
      "the data has \(found) features, but the scaler was fitted to \(expected)"
    case .overflow(let column):
      "the values \(column.map { "of column \($0)" } ?? "of the data") are too large to be scaled in float64"
    case .byteCount(let found, let columnCount):
      "\(found) bytes cannot be divided into rows of \(columnCount) bytes"
    }
  }
}
