public import Matrices
internal import Pixels

/// A scaler that shifts and scales values so that their mean becomes 0 and their variance becomes 1.
///
/// ```swift
/// let samples = Matrix<Double>(rows: [[0, 5], [2, 5], [4, 5]])
/// let scaler = try StandardScaler.fit(samples)
/// scaler.mean                     // [2.0, 5.0]
/// try scaler.transform(samples)   // [[-1.22..., 0.0], [0.0, 0.0], [1.22..., 0.0]]
/// ```
///
/// The result is `(x - mean) / scale`, as in scikit-learn's `StandardScaler`. The variance is the biased variance: the
/// mean of the squared deviations. It is computed in two passes with a correction for rounding. A feature counts as
/// constant if its variance is within the error bounds of this method. The scale of a constant feature is 1. With
/// ``ScalingScope/whole``, all values are treated as one feature.
///
/// Source: Chan, Golub, LeVeque: Algorithms for computing the sample variance, The American Statistician 37 (1983).
public struct StandardScaler: Scaler {
  /// Whether each feature has its own mean and variance.
  public let scope: ScalingScope

  /// The mean of each feature, `[featureCount]`. With ``ScalingScope/whole``, the mean of all values, `[1]`.
  public let mean: [Double]

  /// The biased variances. The array has the same shape as ``mean``.
  public let variance: [Double]

  /// The divisors: the standard deviation, or 1 for a constant feature. The array has the same shape as ``mean``.
  public let scale: [Double]

  /// Returns a scaler fitted to a matrix.
  ///
  /// If the variance overflows, this function throws an error, but scikit-learn treats the feature as constant.
  ///
  /// - Parameters:
  ///   - matrix: The data, `[sampleCount, featureCount]`. There must be at least one sample and one feature.
  ///   - scope: Whether each feature has its own scaling, or all features share one scaling.
  /// - Throws: ``NormalizationError`` if the data is empty or not finite, or if its variance overflows.
  /// - Complexity: O(sampleCount * featureCount).
  public static func fit(
    _ matrix: Matrix<Double>, scope: ScalingScope = .feature
  ) throws(NormalizationError) -> StandardScaler {
    try matrix.requireFittable()
    let columnCount = scope == .feature ? matrix.columnCount : 1
    let count = matrix.rowCount * matrix.columnCount / columnCount
    return try matrix.withUnsafeElements { elements throws(NormalizationError) in
      try StandardScaler(
        scope, count: count, columnCount: columnCount, row: { elements.baseAddress! + $0 * columnCount },
        number: { $0 })
    }
  }

  /// Returns a scaler fitted to images. Each pixel position has its own scaling.
  ///
  /// Fitting a matrix of the pixels with ``fit(_:scope:)`` gives the same scaler, bit for bit. This function needs no
  /// matrix, which would take eight times the memory of the bytes.
  ///
  /// - Parameters:
  ///   - pixels: The pixels of all images, image after image.
  ///   - featureCount: The number of pixels in an image, at least 1.
  ///   - indices: The indices of the images to use. If nil, all images are used.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or if there are no images.
  /// - Complexity: O(imageCount * featureCount).
  /// - Precondition: Each index is in `0..<imageCount`.
  public static func fit(
    _ pixels: some Collection<UInt8>, featureCount: Int, at indices: [Int]? = nil
  ) throws(NormalizationError) -> StandardScaler {
    try requireWholeRows(pixels.count, of: featureCount)
    let rows = 0..<pixels.count / featureCount
    let indices = indices ?? Array(rows)
    guard !indices.isEmpty else { throw .noData(rowCount: 0, columnCount: featureCount) }
    precondition(indices.allSatisfy(rows.contains), "an image index is out of range")
    return try PixelBytes(pixels).inWholeRows(of: featureCount).withUnsafeRows(of: featureCount) {
      rows throws(NormalizationError) in
      try StandardScaler(
        .feature, count: indices.count, columnCount: featureCount, row: { rows[indices[$0]] }, number: { Double($0) })
    }
  }

  /// Creates a scaler that is fitted to rows of values.
  ///
  /// - Parameters:
  ///   - count: The number of rows.
  ///   - columnCount: The number of features, which is the number of values in a row.
  ///   - row: Returns the values of a row, `[columnCount]`.
  ///   - number: Converts a value to `Double`.
  @inline(__always)
  private init<Value>(
    _ scope: ScalingScope, count rowCount: Int, columnCount: Int, row: (Int) -> UnsafePointer<Value>,
    number: (Value) -> Double
  ) throws(NormalizationError) {
    /// Returns the sum of `term` over all values of each column, `[columnCount]`.
    ///
    /// Rounding depends on the order of the additions. The order here is that of NumPy, so the sums are equal to the
    /// last bit. Several columns are added row after row. A single column is added pairwise.
    @inline(__always)
    func sums(_ term: (_ value: Double, _ column: Int) -> Double) -> [Double] {
      if columnCount == 1 { return [pairwiseSum(0..<rowCount) { term(number(row($0)[0]), 0) }] }
      var sums = [Double](repeating: 0, count: columnCount)
      sums.withUnsafeMutableBufferPointer { sums in
        for index in 0..<rowCount {
          let row = row(index)
          for column in 0..<columnCount { sums[column] += term(number(row[column]), column) }
        }
      }
      return sums
    }
    let count = Double(rowCount)
    let mean = sums { value, _ in value }.map { $0 / count }
    let deviations = sums { value, column in value - mean[column] }
    let squares = sums { value, column in (value - mean[column]) * (value - mean[column]) }
    let variance = zip(squares, deviations).map { square, deviation in
      (square - deviation * deviation / count) / count
    }
    for column in 0..<columnCount where !(mean[column].isFinite && variance[column].isFinite) {
      throw .overflow(column: scope == .feature ? column : nil)
    }
    (self.scope, self.mean, self.variance) = (scope, mean, variance)
    scale = zip(mean, variance).map { mean, variance in
      // The largest error that the two-pass method can make for constant values.
      let error = count * mean * .ulpOfOne
      let isConstant = variance <= count * .ulpOfOne * variance + error * error
      return isConstant ? 1 : variance.squareRoot()
    }
  }

  /// The number of features that the scaler was fitted to; nil with ``ScalingScope/whole``.
  public var featureCount: Int? { scope == .feature ? mean.count : nil }

  /// Returns the scaled value of a feature.
  public func scaled(_ value: Double, feature: Int) -> Double {
    let column = scope == .feature ? feature : 0
    return (value - mean[column]) / scale[column]
  }

  /// Returns the value of a feature before scaling. It is the inverse of ``scaled(_:feature:)``, up to rounding.
  public func unscaled(_ value: Double, feature: Int) -> Double {
    let column = scope == .feature ? feature : 0
    return value * scale[column] + mean[column]
  }

  /// Reads a scaler that `encode(to:)` wrote.
  ///
  /// - Throws: `DecodingError` if the values cannot be the result of a fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    scope = try container.decode(ScalingScope.self, forKey: .scope)
    mean = try container.decode([Double].self, forKey: .mean)
    variance = try container.decode([Double].self, forKey: .variance)
    scale = try container.decode([Double].self, forKey: .scale)
    guard mean.count == variance.count, mean.count == scale.count,
      scope == .feature ? !mean.isEmpty : mean.count == 1
    else {
      throw refuse(
        .scale,
        "\(mean.count) means, \(variance.count) variances and \(scale.count) scales are not valid for scope \(scope)")
    }
    guard (mean + variance + scale).allSatisfy(\.isFinite), scale.allSatisfy({ $0 > 0 }) else {
      throw refuse(.scale, "a scale is not above 0, or a number is not finite")
    }
    // Because of rounding, the variance of a constant feature can be slightly below 0.
    guard zip(mean, variance).allSatisfy({ $1 >= -1e-9 * (1 + $0 * $0) }) else {
      throw refuse(.variance, "a variance is below 0")
    }
  }
}

/// Returns the sum of `term` over the given indices, added pairwise in the order that NumPy uses.
///
/// The range of indices is halved until each block has at most 128 terms. Each block is added in eight interleaved
/// sums. The rounding error therefore grows only with the logarithm of the number of terms.
private func pairwiseSum(_ indices: Range<Int>, of term: (Int) -> Double) -> Double {
  let count = indices.count
  if count > 128 {
    let half = count / 2
    let middle = indices.lowerBound + half - half % 8
    return pairwiseSum(indices.lowerBound..<middle, of: term) + pairwiseSum(middle..<indices.upperBound, of: term)
  }
  var sum = 0.0
  var next = indices.lowerBound
  if count >= 8 {
    var lanes = SIMD8<Double>(repeating: 0)
    while next + 8 <= indices.upperBound {
      for lane in 0..<8 { lanes[lane] += term(next + lane) }
      next += 8
    }
    sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  }
  while next < indices.upperBound {
    sum += term(next)
    next += 1
  }
  return sum
}
