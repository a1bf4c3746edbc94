/// Any of the ways to scale pixels, fitted or in need of no fit: a model keeps one to treat a new image as it treated those
/// it learned from.
public enum Normalizer: Equatable, Sendable {
  /// The values as they are.
  case none
  /// By a smallest and a largest value.
  case minMax(MinMaxScaler)
  /// By mean and standard deviation.
  case standard(StandardScaler)

  /// Returns images as scaled samples, as the scaler's method of the same name does.
  ///
  /// - Parameters:
  ///   - pixels: `[imageCount, featureCount]`, row after row. An array and `PixelBytes` are not copied.
  ///   - featureCount: The number of pixels in an image, at least 1.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or the scaler was fitted to
  ///   another number of features.
  public func transform(
    _ pixels: some Collection<UInt8>, featureCount: Int
  ) throws(NormalizationError) -> Samples {
    try scaler.transform(pixels, featureCount: featureCount)
  }

  /// The number of features that it was fitted to; nil where any number will do.
  public var featureCount: Int? { scaler.featureCount }

  /// The range of the values that it was fitted to, or of their means if it scales by these; nil if it needs no fit.
  public var fittedRange: ClosedRange<Double>? {
    switch self {
    case .none: nil
    case .minMax(let scaler): (scaler.minimum.min() ?? 0)...(scaler.maximum.max() ?? 0)
    case .standard(let scaler): (scaler.mean.min() ?? 0)...(scaler.mean.max() ?? 0)
    }
  }

  /// The largest magnitude to which a pixel from 0 to 255 is scaled; infinite if the result of one is not a finite number.
  public var largestMagnitudeOfPixels: Double { scaler.largestMagnitudeOfPixels }

  private var scaler: any Scaler {
    switch self {
    case .none: Unscaled()
    case .minMax(let scaler): scaler
    case .standard(let scaler): scaler
    }
  }
}

/// The values as they are.
private struct Unscaled: Scaler {
  var featureCount: Int? { nil }
  func scaled(_ value: Double, feature: Int) -> Double { value }
  func unscaled(_ value: Double, feature: Int) -> Double { value }
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
