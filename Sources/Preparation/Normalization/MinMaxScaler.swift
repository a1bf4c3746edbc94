public import Matrices
internal import Pixels

/// A scaler that maps the smallest and the largest value to the ends of a range, by default 0 and 1.
///
/// ```swift
/// let images = Matrix<Double>(rows: [[0, 8], [16, 4]])
/// let scaler = try MinMaxScaler.fit(images, scope: .whole)
/// try scaler.transform(images)  // [[0.0, 0.5], [1.0, 0.25]]
/// ```
///
/// With ``ScalingScope/feature``, the result is `x * scale + offset`, as in scikit-learn's `MinMaxScaler`:
///
/// - `scale` is `(upper - lower) / (maximum - minimum)`.
/// - `offset` is `lower - minimum * scale`.
///
/// A feature counts as constant if its maximum and minimum differ by less than 10 times the machine epsilon. The
/// difference of a constant feature is replaced with 1.
///
/// With ``ScalingScope/whole``, all features have the same minimum and maximum. The result is
/// `(x - minimum) / (maximum - minimum)`, as in the usual NumPy code. For a range other than `0...1`, this result is
/// multiplied by `upper - lower`, and `lower` is added. If all values are equal, they become `lower`.
///
/// With both scopes, the results equal those of NumPy bit for bit. New values below the minimum or above the maximum
/// are not clipped. They are scaled to results outside the range.
public struct MinMaxScaler: Scaler {
  /// The range to which the smallest and the largest value are scaled.
  public let range: ClosedRange<Double>

  /// Whether each feature has its own minimum and maximum.
  public let scope: ScalingScope

  /// The smallest value of each feature, `[featureCount]`. With ``ScalingScope/whole``, the smallest of all values,
  /// `[1]`.
  public let minimum: [Double]

  /// The largest values. The array has the same shape as ``minimum``.
  public let maximum: [Double]

  // The factor and the addend of each feature, used with `.feature` only.
  private let scale: [Double]
  private let offset: [Double]

  private enum CodingKeys: String, CodingKey { case range, scope, minimum, maximum }

  /// Creates a scaler from fitted values.
  ///
  /// - Precondition: The ends of the range are finite and differ.
  /// - Throws: ``NormalizationError/overflow(column:)`` if a factor or an addend is not finite.
  private init(
    range: ClosedRange<Double>, scope: ScalingScope, minimum: [Double], maximum: [Double]
  ) throws(NormalizationError) {
    precondition(Self.isUsable(range), "the ends of the range must be finite and different")
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

  /// Returns a scaler fitted to a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The data, `[sampleCount, featureCount]`. There must be at least one sample and one feature.
  ///   - range: The range to which the smallest and the largest value are scaled. Its ends are finite and differ.
  ///   - scope: Whether each feature has its own scaling, or all features share one scaling.
  /// - Throws: ``NormalizationError`` if the data is empty or not finite, or if the difference of two values is too
  ///   large.
  /// - Complexity: O(sampleCount * featureCount).
  public static func fit(
    _ matrix: Matrix<Double>, range: ClosedRange<Double> = 0...1, scope: ScalingScope = .feature
  ) throws(NormalizationError) -> MinMaxScaler {
    try matrix.requireFittable()
    // Both scopes begin with the extremes of each feature.
    var minimum = matrix.row(0)
    var maximum = minimum
    matrix.withUnsafeElements { elements in
      for start in stride(from: 0, to: elements.count, by: matrix.columnCount) {
        for column in 0..<matrix.columnCount {
          minimum[column] = min(minimum[column], elements[start + column])
          maximum[column] = max(maximum[column], elements[start + column])
        }
      }
    }
    if scope == .whole {
      minimum = [minimum.min()!]
      maximum = [maximum.max()!]
    }
    return try MinMaxScaler(range: range, scope: scope, minimum: minimum, maximum: maximum)
  }

  /// Returns a scaler fitted to all pixels together.
  ///
  /// Fitting a matrix of the pixels with ``ScalingScope/whole`` gives the same scaler.
  ///
  /// - Throws: ``NormalizationError/noData(rowCount:columnCount:)`` if there are no pixels.
  /// - Complexity: O(pixels.count). The search ends early once it has found both 0 and 255.
  public static func fit(
    _ pixels: some Collection<UInt8>, range: ClosedRange<Double> = 0...1
  ) throws(NormalizationError) -> MinMaxScaler {
    guard let found = PixelBytes(pixels).valueRange else { throw .noData(rowCount: 0, columnCount: 0) }
    return try MinMaxScaler(
      range: range, scope: .whole, minimum: [Double(found.lowerBound)], maximum: [Double(found.upperBound)])
  }

  /// The number of features that the scaler was fitted to; nil with ``ScalingScope/whole``.
  public var featureCount: Int? { scope == .feature ? minimum.count : nil }

  /// Returns the scaled value of a feature.
  public func scaled(_ value: Double, feature: Int) -> Double {
    if scope == .feature { return value * scale[feature] + offset[feature] }
    let scaled = (value - minimum[0]) / extentOfWhole
    return isUnit ? scaled : scaled * (range.upperBound - range.lowerBound) + range.lowerBound
  }

  /// Returns the value of a feature before scaling. It is the inverse of ``scaled(_:feature:)``, up to rounding.
  public func unscaled(_ value: Double, feature: Int) -> Double {
    if scope == .feature { return (value - offset[feature]) / scale[feature] }
    let share = isUnit ? value : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return share * extentOfWhole + minimum[0]
  }

  private var isUnit: Bool { range == 0...1 }

  private var extentOfWhole: Double {
    let extent = maximum[0] - minimum[0]
    return extent == 0 ? 1 : extent
  }

  private static func isUsable(_ range: ClosedRange<Double>) -> Bool {
    let length = range.upperBound - range.lowerBound
    return length > 0 && length.isFinite
  }

  /// Reads a scaler that `encode(to:)` wrote.
  ///
  /// - Throws: `DecodingError` if the values cannot be the result of a fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    let range = try container.decode(ClosedRange<Double>.self, forKey: .range)
    let scope = try container.decode(ScalingScope.self, forKey: .scope)
    let minimum = try container.decode([Double].self, forKey: .minimum)
    let maximum = try container.decode([Double].self, forKey: .maximum)
    guard Self.isUsable(range) else {
      throw refuse(.range, "the ends of the range must be finite and different")
    }
    guard minimum.count == maximum.count, scope == .feature ? !minimum.isEmpty : minimum.count == 1 else {
      throw refuse(.maximum, "\(minimum.count) minima and \(maximum.count) maxima are not valid for scope \(scope)")
    }
    guard zip(minimum, maximum).allSatisfy({ $0 <= $1 }) else {
      throw refuse(.maximum, "a maximum is below its minimum")
    }
    do {
      try self.init(range: range, scope: scope, minimum: minimum, maximum: maximum)
    } catch {
      throw refuse(.maximum, error.description)
    }
  }
}
