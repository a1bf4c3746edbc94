public import Matrices
internal import Pixels

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
public struct MinMaxScaler: Scaler {
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

  private enum CodingKeys: String, CodingKey { case range, scope, minimum, maximum }

  /// - Precondition: The ends of the range are finite and differ.
  private init(
    range: ClosedRange<Double>, scope: ScalingScope, minimum: [Double], maximum: [Double]
  ) throws(NormalizationError) {
    precondition(Self.isUsable(range), "the ends of the range to scale to are finite and differ")
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

  /// Returns the scaler for some data.
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
    try matrix.requireFittable()
    // The extremes of each feature; those of the whole are the extremes of these.
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

  /// Returns the scaler for all of some pixels as one: the same as converting them to a matrix and fitting with
  /// ``ScalingScope/whole``.
  ///
  /// - Throws: ``NormalizationError/noData(rowCount:columnCount:)`` if there are none.
  /// - Complexity: O(pixels.count), less if 0 and 255 are found before the end.
  public static func fit(
    _ pixels: some Collection<UInt8>, range: ClosedRange<Double> = 0...1
  ) throws(NormalizationError) -> MinMaxScaler {
    guard let found = PixelBytes(pixels).valueRange else { throw .noData(rowCount: 0, columnCount: 0) }
    return try MinMaxScaler(
      range: range, scope: .whole, minimum: [Double(found.lowerBound)], maximum: [Double(found.upperBound)])
  }

  /// The number of features that the scaler was fitted to; nil if the scope is the whole.
  public var featureCount: Int? { scope == .feature ? minimum.count : nil }

  /// Returns the scaled value of a feature.
  public func scaled(_ value: Double, feature: Int) -> Double {
    if scope == .feature { return value * scale[feature] + offset[feature] }
    let scaled = (value - minimum[0]) / extentOfWhole
    return isUnit ? scaled : scaled * (range.upperBound - range.lowerBound) + range.lowerBound
  }

  /// Undoes ``scaled(_:feature:)``, up to rounding.
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

  /// Reads what `encode(to:)` writes, and refuses what no fit could have given.
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
      throw refuse(.range, "the ends of a range to scale to are finite and differ")
    }
    guard minimum.count == maximum.count, scope == .feature ? !minimum.isEmpty : minimum.count == 1 else {
      throw refuse(.maximum, "\(minimum.count) minima and \(maximum.count) maxima do not fit scope \(scope)")
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
