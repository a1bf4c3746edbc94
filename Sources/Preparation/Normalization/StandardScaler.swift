public import Matrices
internal import Pixels

/// Moves and stretches values so that their mean becomes 0 and their variance 1.
///
/// ```swift
/// let samples = Matrix<Double>(rows: [[0, 5], [2, 5], [4, 5]])
/// let scaler = try StandardScaler.fit(samples)
/// scaler.mean                     // [2.0, 5.0]
/// try scaler.transform(samples)   // [[-1.22..., 0.0], [0.0, 0.0], [1.22..., 0.0]]
/// ```
///
/// It is scikit-learn's `StandardScaler`: `(x - mean) / scale` with the biased variance (divided by the number of
/// samples), found in two passes with a correction for rounding; a feature whose variance is within the error bounds of
/// that method counts as constant and gets scale 1. With ``ScalingScope/whole`` all values are treated as one feature.
///
/// Source: Chan, Golub, LeVeque: Algorithms for computing the sample variance, The American Statistician 37 (1983).
public struct StandardScaler: Scaler {
  /// Whether each feature has its own mean and variance.
  public let scope: ScalingScope

  /// The mean of each feature, `[featureCount]`; of all values, `[1]`, if the scope is the whole.
  public let mean: [Double]

  /// The biased variances, as many as there are means.
  public let variance: [Double]

  /// What deviations are divided by, as many as there are means: the standard deviation, or 1 for a constant feature.
  public let scale: [Double]

  /// Returns the scaler for some data.
  ///
  /// - Parameters:
  ///   - matrix: The data, `[sampleCount, featureCount]`, at least one of each.
  ///   - scope: Whether each feature is scaled on its own, or all as one.
  /// - Throws: ``NormalizationError`` if the data are empty, not finite, or so large that their variance overflows (where
  ///   scikit-learn would take the feature for a constant one).
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

  /// Returns the scaler for some images, each pixel on its own: bit for bit what converting the images to a matrix and
  /// ``fit(_:scope:)`` would give, without the matrix, which takes eight times the bytes' memory.
  ///
  /// - Parameters:
  ///   - pixels: `[imageCount, featureCount]`, row after row.
  ///   - featureCount: The number of pixels in an image, at least 1.
  ///   - indices: Which of the images; all if nil.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or there are none.
  /// - Complexity: O(imageCount * featureCount).
  /// - Precondition: There are images with these indices.
  public static func fit(
    _ pixels: some Collection<UInt8>, featureCount: Int, at indices: [Int]? = nil
  ) throws(NormalizationError) -> StandardScaler {
    try requireWholeRows(pixels.count, of: featureCount)
    let rows = 0..<pixels.count / featureCount
    let indices = indices ?? Array(rows)
    guard !indices.isEmpty else { throw .noData(rowCount: 0, columnCount: featureCount) }
    precondition(indices.allSatisfy(rows.contains), "there are images with the indices")
    return try PixelBytes(pixels).inWholeRows(of: featureCount).withUnsafeRows(of: featureCount) {
      rows throws(NormalizationError) in
      try StandardScaler(
        .feature, count: indices.count, columnCount: featureCount, row: { rows[indices[$0]] }, number: { Double($0) })
    }
  }

  /// - Parameters:
  ///   - count: The number of rows, each with a value of every feature.
  ///   - columnCount: The number of features.
  ///   - row: Returns the values of a row, `[columnCount]`.
  ///   - number: Returns a value as a number.
  @inline(__always)
  private init<Value>(
    _ scope: ScalingScope, count rowCount: Int, columnCount: Int, row: (Int) -> UnsafePointer<Value>,
    number: (Value) -> Double
  ) throws(NormalizationError) {
    /// Returns the sum over each column's values of what a term makes of them, `[columnCount]`. Rounding depends on the
    /// order of additions. This is NumPy's, so that sums are equal to the last bit: several columns are added row after
    /// row, a single one pairwise.
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
      // No more than the error that the two-pass method may make on constant values.
      let error = count * mean * .ulpOfOne
      let isConstant = variance <= count * .ulpOfOne * variance + error * error
      return isConstant ? 1 : variance.squareRoot()
    }
  }

  /// The number of features that the scaler was fitted to; nil if the scope is the whole.
  public var featureCount: Int? { scope == .feature ? mean.count : nil }

  /// Returns the scaled value of a feature.
  public func scaled(_ value: Double, feature: Int) -> Double {
    let column = scope == .feature ? feature : 0
    return (value - mean[column]) / scale[column]
  }

  /// Undoes ``scaled(_:feature:)``, up to rounding.
  public func unscaled(_ value: Double, feature: Int) -> Double {
    let column = scope == .feature ? feature : 0
    return value * scale[column] + mean[column]
  }

  /// Reads what `encode(to:)` writes, and refuses what no fit could have given.
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
        "\(mean.count) means, \(variance.count) variances and \(scale.count) scales do not fit scope \(scope)")
    }
    guard (mean + variance + scale).allSatisfy(\.isFinite), scale.allSatisfy({ $0 > 0 }) else {
      throw refuse(.scale, "a scale is not above 0, or a number is not finite")
    }
    // Rounding can leave the variance of a constant feature a little below 0.
    guard zip(mean, variance).allSatisfy({ $1 >= -1e-9 * (1 + $0 * $0) }) else {
      throw refuse(.variance, "a variance is below 0")
    }
  }
}

/// Returns the sum of the terms with the given indices. Halves are summed on their own down to blocks of at most 128, and a
/// block in eight interleaved sums, so that the error grows only with the logarithm of the count.
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
