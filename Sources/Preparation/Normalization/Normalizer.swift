/// A way to scale pixels: with one of the scalers, or not at all.
///
/// A model stores its normalizer so that it scales new images in the same way as the images it was trained on.
public enum Normalizer: Equatable, Sendable {
  /// No scaling. The pixel values are used unchanged.
  case none
  /// Scaling by the smallest and the largest value.
  case minMax(MinMaxScaler)
  /// Scaling by mean and standard deviation.
  case standard(StandardScaler)

  /// Returns images as scaled samples, `[imageCount, featureCount]`.
  ///
  /// - Parameters:
  ///   - pixels: The pixels of all images, image after image. An array or `PixelBytes` is not copied.
  ///   - featureCount: The number of pixels in an image, at least 1.
  /// - Throws: ``NormalizationError`` if the pixels are not a whole number of images, or if the scaler was fitted to
  ///   another number of features.
  public func transform(
    _ pixels: some Collection<UInt8>, featureCount: Int
  ) throws(NormalizationError) -> Samples {
    try scaler.transform(pixels, featureCount: featureCount)
  }

  /// The number of features that the normalizer was fitted to; nil if it accepts any number.
  public var featureCount: Int? { scaler.featureCount }

  /// The range of all fitted minima and maxima, or the range of all fitted means; nil without scaling.
  public var fittedRange: ClosedRange<Double>? {
    switch self {
    case .none: nil
    case .minMax(let scaler): (scaler.minimum.min() ?? 0)...(scaler.maximum.max() ?? 0)
    case .standard(let scaler): (scaler.mean.min() ?? 0)...(scaler.mean.max() ?? 0)
    }
  }

  /// The largest magnitude that a pixel from 0 to 255 can have after scaling; infinite if a scaled pixel is not finite.
  public var largestMagnitudeOfPixels: Double { scaler.largestMagnitudeOfPixels }

  private var scaler: any Scaler {
    switch self {
    case .none: Unscaled()
    case .minMax(let scaler): scaler
    case .standard(let scaler): scaler
    }
  }
}

/// The scaler that returns every value unchanged.
private struct Unscaled: Scaler {
  var featureCount: Int? { nil }
  func scaled(_ value: Double, feature: Int) -> Double { value }
  func unscaled(_ value: Double, feature: Int) -> Double { value }
}

extension Normalizer: Codable {
  private enum CodingKeys: String, CodingKey { case kind, scaler }
  private enum Kind: String, Codable { case none, minMax, standard }

  /// Writes the kind of scaling and the scaler's values.
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

  /// Reads a normalizer that ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .none: self = .none
    case .minMax: self = .minMax(try container.decode(MinMaxScaler.self, forKey: .scaler))
    case .standard: self = .standard(try container.decode(StandardScaler.self, forKey: .scaler))
    }
  }
}
