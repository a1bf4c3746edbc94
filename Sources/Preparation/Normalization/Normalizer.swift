public import Matrices
internal import Pixels

/// Any of the ways to scale pixels, fitted or in need of no fit: what a model keeps to treat a new image as it treated
/// those it learned from.
public enum Normalizer: Equatable, Sendable {
  /// The values as they are.
  case none
  /// By a smallest and a largest value.
  case minMax(MinMaxScaler)
  /// By mean and standard deviation.
  case standard(StandardScaler)

  /// The scaled bytes as rows, `[bytes.count / columnCount, columnCount]`.
  ///
  /// - Parameters:
  ///   - bytes: pixels, row after row; as many as are a multiple of `columnCount`.
  ///   - columnCount: the length of a row, at least 1.
  /// - Throws: ``NormalizationError`` where the bytes are not a whole number of rows, or the scaler was fitted to
  ///   another number of features.
  /// - Complexity: O(bytes.count).
  public func transform(
    bytes: some Collection<UInt8>, columnCount: Int
  ) throws(NormalizationError) -> Matrix<Double> {
    switch self {
    case .none:
      guard bytes.count.isMultiple(of: columnCount) else {
        throw .byteCount(found: bytes.count, columnCount: columnCount)
      }
      return Matrix<Double>(bytes: PixelBytes(bytes), columnCount: columnCount, values: (0...255).map(Double.init))
    case .minMax(let scaler):
      return try scaler.transform(bytes: bytes, columnCount: columnCount)
    case .standard(let scaler):
      return try scaler.transform(Normalizer.none.transform(bytes: bytes, columnCount: columnCount))
    }
  }

  /// The number of features that it was fitted to; nil where any number will do.
  public var featureCount: Int? {
    switch self {
    case .none: nil
    case .minMax(let scaler): scaler.scope == .feature ? scaler.minimum.count : nil
    case .standard(let scaler): scaler.scope == .feature ? scaler.mean.count : nil
    }
  }
}

extension Normalizer {
  /// The range of the values that it was fitted to, or of their means if it scales by these; nil if it needs no fit.
  public var fittedRange: ClosedRange<Double>? {
    switch self {
    case .none: nil
    case .minMax(let scaler): (scaler.minimum.min() ?? 0)...(scaler.maximum.max() ?? 0)
    case .standard(let scaler): (scaler.mean.min() ?? 0)...(scaler.mean.max() ?? 0)
    }
  }

  /// The largest magnitude to which a pixel from 0 to 255 is scaled; infinite if the result of one is not a finite number.
  public var largestMagnitudeOfPixels: Double {
    // Scaling is linear, so that the extremes are at the ends.
    let ends = [0.0, 255]
    let magnitudes: [Double] =
      switch self {
      case .none: ends
      case .minMax(let scaler): ends.flatMap { scaler.scaled($0).map(abs) }
      case .standard(let scaler):
        ends.flatMap { end in zip(scaler.mean, scaler.scale).map { abs((end - $0) / $1) } }
      }
    return magnitudes.allSatisfy(\.isFinite) ? magnitudes.max() ?? 0 : .infinity
  }
}

extension Normalizer: Codable {
  private enum CodingKeys: String, CodingKey { case kind, scaler }
  private enum Kind: String, Codable { case none, minMax, standard }

  /// Writes the kind and the scaler.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .none:
      try container.encode(Kind.none, forKey: .kind)
    case .minMax(let scaler):
      try container.encode(Kind.minMax, forKey: .kind)
      try container.encode(scaler, forKey: .scaler)
    case .standard(let scaler):
      try container.encode(Kind.standard, forKey: .kind)
      try container.encode(scaler, forKey: .scaler)
    }
  }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .none: self = .none
    case .minMax: self = .minMax(try container.decode(MinMaxScaler.self, forKey: .scaler))
    case .standard: self = .standard(try container.decode(StandardScaler.self, forKey: .scaler))
    }
  }
}
