public import Matrices

/// Moves and stretches values so that the smallest and the largest become the ends of a range, most often 0 and 1.
///
/// ```swift
/// let images = Matrix<Double>(rows: [[0, 8], [16, 4]])
/// let scaler = try MinMaxScaler.fit(images, scope: .whole)
/// try scaler.transform(images)  // [[0.0, 0.5], [1.0, 0.25]]
/// ```
///
/// With ``ScalingScope/feature`` it is scikit-learn's `MinMaxScaler`, in its arithmetic: `x * scale + offset`, where
/// `scale = (upper - lower) / (maximum - minimum)` and `offset = lower - minimum * scale`; a feature that is constant to
/// within 10 units of rounding gets the scale of a range of 1. With ``ScalingScope/whole`` one minimum and one maximum
/// stand for all features, and the arithmetic is `(x - minimum) / (maximum - minimum)`, as one writes it in NumPy (times
/// `upper - lower`, plus `lower`, for another range than `0...1`); if all values are equal they become the lower end.
/// The bits of the results are NumPy's in both.
///
/// Values beyond those fitted to land outside the range; nothing is clipped.
public struct MinMaxScaler: Equatable, Sendable {
  /// Where the smallest and the largest value go.
  public let range: ClosedRange<Double>

  /// Whether each feature has its own minimum and maximum.
  public let scope: ScalingScope

  /// The smallest value of each feature, `[featureCount]`; of all values, `[1]`, if the scope is the whole.
  public let minimum: [Double]

  /// The largest values, as many as there are smallest.
  public let maximum: [Double]

  // What the formulas of `.feature` need, per feature.
  private let scale: [Double]
  private let offset: [Double]

  init(
    range: ClosedRange<Double>, scope: ScalingScope, minimum: [Double], maximum: [Double]
  ) throws(NormalizationError) {
    self.range = range
    self.scope = scope
    self.minimum = minimum
    self.maximum = maximum
    let length = range.upperBound - range.lowerBound
    scale = zip(minimum, maximum).map { low, high in
      let extent = high - low
      return length / (extent < 10 * Double.ulpOfOne ? 1 : extent)
    }
    offset = zip(minimum, scale).map { low, scale in range.lowerBound - low * scale }
    for column in minimum.indices
    where !((maximum[column] - minimum[column]).isFinite && scale[column].isFinite && offset[column].isFinite) {
      throw .overflow(column: scope == .feature ? column : nil)
    }
  }

  /// The scaler for some data.
  ///
  /// - Parameters:
  ///   - matrix: The data, `[sampleCount, featureCount]`, at least one of each.
  ///   - range: Where the smallest and the largest value shall go; its ends are finite and differ.
  ///   - scope: Whether each feature is scaled on its own, or all as one.
  /// - Throws: ``NormalizationError`` if the data are empty, not finite, or too far apart.
  /// - Complexity: O(sampleCount * featureCount).
  public static func fit(
    _ matrix: Matrix<Double>, range: ClosedRange<Double> = 0...1, scope: ScalingScope = .feature
  ) throws(NormalizationError) -> MinMaxScaler {
    requireExtent(of: range)
    try matrix.requireData()
    try matrix.requireFinite()
    // The rows' extremes, feature by feature; those of the whole are the extremes of these.
    var minimum = matrix.row(0)
    var maximum = minimum
    matrix.withUnsafeElements { elements in
      var index = 0
      for _ in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          minimum[column] = min(minimum[column], elements[index])
          maximum[column] = max(maximum[column], elements[index])
          index += 1
        }
      }
    }
    if scope == .whole {
      minimum = [minimum.min()!]
      maximum = [maximum.max()!]
    }
    return try MinMaxScaler(range: range, scope: scope, minimum: minimum, maximum: maximum)
  }

  /// Fits a scaler to some data and applies it to them.
  ///
  /// - Throws: As ``fit(_:range:scope:)`` does.
  public static func fitTransform(
    _ matrix: Matrix<Double>, range: ClosedRange<Double> = 0...1, scope: ScalingScope = .feature
  ) throws(NormalizationError) -> (scaler: MinMaxScaler, transformed: Matrix<Double>) {
    let scaler = try fit(matrix, range: range, scope: scope)
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
      return matrix.mapElements { value, _ in scaledAsWhole(value) }
    case .feature:
      return matrix.mapElements { value, column in value * scale[column] + offset[column] }
    }
  }

  /// Undoes ``transform(_:)``, up to rounding: the data `[sampleCount, featureCount]` that were scaled.
  ///
  /// - Throws: As ``transform(_:)`` does.
  public func inverseTransform(_ matrix: Matrix<Double>) throws(NormalizationError) -> Matrix<Double> {
    try requireSuitable(matrix)
    switch scope {
    case .whole:
      let length = range.upperBound - range.lowerBound
      return matrix.mapElements { value, _ in
        (isUnit ? value : (value - range.lowerBound) / length) * extentOfWhole + minimum[0]
      }
    case .feature:
      return matrix.mapElements { value, column in (value - offset[column]) / scale[column] }
    }
  }

  static func requireExtent(of range: ClosedRange<Double>) {
    precondition(isUsable(range), "the ends of the range to scale to are finite and differ")
  }

  static func isUsable(_ range: ClosedRange<Double>) -> Bool {
    let length = range.upperBound - range.lowerBound
    return length > 0 && length.isFinite
  }

  func scaledAsWhole(_ value: Double) -> Double {
    let scaled = (value - minimum[0]) / extentOfWhole
    return isUnit ? scaled : scaled * (range.upperBound - range.lowerBound) + range.lowerBound
  }

  /// Returns what each feature scales a value to, `[featureCount]`, or `[1]` if the scope is the whole.
  func scaled(_ value: Double) -> [Double] {
    scope == .whole ? [scaledAsWhole(value)] : zip(scale, offset).map { value * $0 + $1 }
  }

  private var isUnit: Bool { range == 0...1 }

  private var extentOfWhole: Double {
    let extent = maximum[0] - minimum[0]
    return extent == 0 ? 1 : extent
  }

  private func requireSuitable(_ matrix: Matrix<Double>) throws(NormalizationError) {
    if scope == .feature { try matrix.requireFeatureCount(minimum.count) }
    try matrix.requireFinite()
  }
}
