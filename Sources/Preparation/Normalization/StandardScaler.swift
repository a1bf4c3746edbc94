public import Matrices

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
public struct StandardScaler: Equatable, Sendable {
  /// Whether each feature has its own mean and variance.
  public let scope: ScalingScope

  /// The mean of each feature, `[featureCount]`; of all values, `[1]`, if the scope is the whole.
  public let mean: [Double]

  /// The biased variances, as many as there are means.
  public let variance: [Double]

  /// What deviations are divided by, as many as there are means: the standard deviation, or 1 for a constant feature.
  public let scale: [Double]

  init(scope: ScalingScope, mean: [Double], variance: [Double], scale: [Double]) {
    self.scope = scope
    self.mean = mean
    self.variance = variance
    self.scale = scale
  }

  /// The scaler for some data.
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
    try matrix.requireData()
    try matrix.requireFinite()
    let columnCount = scope == .feature ? matrix.columnCount : 1
    let count = matrix.rowCount * matrix.columnCount / columnCount
    return try fit(scope: scope, count: count, columnCount: columnCount) { term in
      matrix.columnSums(columnCount: columnCount, of: term)
    }
  }

  /// The scaler for data of which only sums are known.
  ///
  /// - Parameters:
  ///   - count: the values of each feature.
  ///   - columnCount: the features.
  ///   - columnSums: the sum over each feature's values of what a term makes of them, `[columnCount]`.
  @inline(__always)
  static func fit(
    scope: ScalingScope, count: Int, columnCount: Int,
    columnSums: (_ term: (_ value: Double, _ column: Int) -> Double) -> [Double]
  ) throws(NormalizationError) -> StandardScaler {
    let count = Double(count)
    let mean = columnSums { value, _ in value }.map { $0 / count }
    let deviations = columnSums { value, column in value - mean[column] }
    let squares = columnSums { value, column in (value - mean[column]) * (value - mean[column]) }
    let variance = zip(squares, deviations).map { square, deviation in
      (square - deviation * deviation / count) / count
    }
    for column in 0..<columnCount where !(mean[column].isFinite && variance[column].isFinite) {
      throw .overflow(column: scope == .feature ? column : nil)
    }
    let scale = zip(mean, variance).map { mean, variance in
      isConstant(mean: mean, variance: variance, count: count) ? 1 : variance.squareRoot()
    }
    return StandardScaler(scope: scope, mean: mean, variance: variance, scale: scale)
  }

  /// Fits a scaler to some data and applies it to them.
  ///
  /// - Throws: As ``fit(_:scope:)`` does.
  public static func fitTransform(
    _ matrix: Matrix<Double>, scope: ScalingScope = .feature
  ) throws(NormalizationError) -> (scaler: StandardScaler, transformed: Matrix<Double>) {
    let scaler = try fit(matrix, scope: scope)
    return (scaler, try scaler.transform(matrix))
  }

  /// The scaled data, `[sampleCount, featureCount]`.
  ///
  /// - Parameter matrix: The data, in the same shape; no rows give no rows.
  /// - Throws: ``NormalizationError`` if a value is not finite; or, where features are scaled on their own, if there are
  ///   not as many as were fitted to.
  /// - Complexity: O(sampleCount * featureCount).
  public func transform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try requireSuitable(matrix)
    switch scope {
    case .whole:
      let (mean, scale) = (mean[0], scale[0])
      return matrix.mapElements { value, _ in (value - mean) / scale }
    case .feature:
      return matrix.mapElements { value, column in (value - mean[column]) / scale[column] }
    }
  }

  /// Undoes ``transform(_:)``, up to rounding: the data `[sampleCount, featureCount]` that were scaled.
  ///
  /// - Throws: As ``transform(_:)`` does.
  public func inverseTransform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try requireSuitable(matrix)
    switch scope {
    case .whole:
      let (mean, scale) = (mean[0], scale[0])
      return matrix.mapElements { value, _ in value * scale + mean }
    case .feature:
      return matrix.mapElements { value, column in value * scale[column] + mean[column] }
    }
  }

  /// Whether a variance is no more than the error that the two-pass method may make on constant values.
  private static func isConstant(mean: Double, variance: Double, count: Double) -> Bool {
    let error = count * mean * .ulpOfOne
    return variance <= count * .ulpOfOne * variance + error * error
  }

  private func requireSuitable(_ matrix: Matrix<Double>) throws(NormalizationError) {
    if scope == .feature { try matrix.requireFeatureCount(mean.count) }
    try matrix.requireFinite()
  }
}
