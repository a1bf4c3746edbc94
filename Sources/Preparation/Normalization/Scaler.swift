public import Matrices

/// A way to scale features: fitted to data, then a value that can be stored and applied to any other data.
///
/// ```swift
/// let scaler = try MinMaxScaler.fit(data.pixels)
/// let samples = try scaler.transform(data.pixels, featureCount: data.featureCount)
/// ```
public protocol Scaler: Codable, Equatable, Sendable {
  /// The number of features that the scaler was fitted to; nil if it scales all features alike, however many there are.
  var featureCount: Int? { get }

  /// Returns the scaled value of a feature. The feature does not matter if ``featureCount`` is nil.
  func scaled(_ value: Double, feature: Int) -> Double

  /// Undoes ``scaled(_:feature:)``, up to rounding.
  func unscaled(_ value: Double, feature: Int) -> Double
}

extension Scaler {
  /// Returns the scaled data, `[sampleCount, featureCount]`.
  ///
  /// - Parameter matrix: The data, in the same shape; no rows give no rows.
  /// - Throws: ``NormalizationError`` if a value is not finite, or the scaler was fitted to another number of features.
  /// - Complexity: O(sampleCount * featureCount).
  public func transform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try map(matrix, scaled)
  }

  /// Undoes `transform`, up to rounding: returns the data `[sampleCount, featureCount]` that were scaled.
  ///
  /// - Throws: ``NormalizationError`` if a value is not finite, or the scaler was fitted to another number of features.
  /// - Complexity: O(sampleCount * featureCount).
  public func inverseTransform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try map(matrix, unscaled)
  }

  /// Returns images as scaled samples, in a compact form: the pixels stay bytes, with a table of their scaled values.
  ///
  /// ``Samples/matrix()`` gives bit for bit what converting the bytes to a matrix and scaling that would give.
  ///
  /// - Parameters:
  ///   - pixels: `[imageCount, featureCount]`, row after row. An array and `PixelBytes` are not copied.
  ///   - featureCount: The number of pixels in an image, at least 1.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or the scaler was fitted to
  ///   another number of features.
  /// - Complexity: O(featureCount) where features are scaled each in its own way, otherwise O(1).
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

  /// The largest magnitude to which a pixel from 0 to 255 is scaled; infinite if the result of one is not finite.
  var largestMagnitudeOfPixels: Double {
    // Scaling is linear, so the extremes are at the ends.
    let magnitudes = (0..<(featureCount ?? 1)).flatMap { [abs(scaled(0, feature: $0)), abs(scaled(255, feature: $0))] }
    return magnitudes.allSatisfy(\.isFinite) ? magnitudes.max() ?? 0 : .infinity
  }

  /// Returns the matrix of what `body` makes of each element and its column.
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

/// Throws unless a number of bytes is a whole number of rows.
func requireWholeRows(_ byteCount: Int, of columnCount: Int) throws(NormalizationError) {
  precondition(columnCount > 0, "a row has at least one byte")
  guard byteCount.isMultiple(of: columnCount) else { throw .byteCount(found: byteCount, columnCount: columnCount) }
}

extension Matrix<Double> {
  /// Throws unless a scaler can be fitted: there is an element, and all are finite numbers.
  func requireFittable() throws(NormalizationError) {
    guard rowCount > 0, columnCount > 0 else { throw .noData(rowCount: rowCount, columnCount: columnCount) }
    try requireFinite()
  }

  fileprivate func requireFinite() throws(NormalizationError) {
    let place = withUnsafeElements { elements in elements.firstIndex { !$0.isFinite } }
    if let place { throw .notFinite(row: place / columnCount, column: place % columnCount) }
  }
}

/// What shares one set of scaling parameters.
public enum ScalingScope: String, CaseIterable, Codable, Equatable, Sendable {
  /// Each feature has its own, as in scikit-learn: the columns of a matrix are scaled independently.
  case feature
  /// All features share one, so that pixels stay comparable with each other and an image keeps its look.
  case whole
}

/// Why data cannot be scaled.
public enum NormalizationError: Error, Equatable, Sendable {
  /// There is nothing to fit to: no rows, or no columns.
  case noData(rowCount: Int, columnCount: Int)

  /// A value is infinite or not a number.
  case notFinite(row: Int, column: Int)

  /// The data have another number of features than those the scaler was fitted to.
  case featureCount(expected: Int, found: Int)

  /// The values are so large that their range or variance is beyond the largest `Double`. The column is nil where all
  /// columns are scaled as one.
  case overflow(column: Int?)

  /// Bytes that should be rows of equal length are not a multiple of that length.
  case byteCount(found: Int, columnCount: Int)
}

extension NormalizationError: CustomStringConvertible {
  /// One sentence that says what is wrong and where.
  public var description: String {
    switch self {
    case .noData(let rowCount, let columnCount):
      "there is nothing to fit a scaler to: the data have \(rowCount) rows and \(columnCount) columns"
    case .notFinite(let row, let column):
      "the value in row \(row), column \(column) is not a finite number"
    case .featureCount(let expected, let found):
      "the scaler was fitted to \(expected) features, but the data have \(found)"
    case .overflow(let column):
      "the values \(column.map { "of column \($0)" } ?? "of the data") are too far apart to be scaled in float64"
    case .byteCount(let found, let columnCount):
      "\(found) bytes are not a whole number of rows of \(columnCount)"
    }
  }
}
