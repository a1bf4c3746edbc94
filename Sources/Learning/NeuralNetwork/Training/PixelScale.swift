internal import Matrices
internal import Normalization

/// What each byte of a pixel stands for, as a table: what a normaliser makes of the 256 values there are.
struct PixelScale: Sendable {
  /// Element b is the scaled byte b, `[256]`; where pixels are scaled each in its own way, `[256, featureCount]`.
  let values: Matrix<Double>

  /// The byte that is scaled to 0, if pixels are scaled alike and there is one.
  let blank: UInt8?

  /// - Throws: `NormalizationError` where the normaliser was fitted to another number of features.
  init(_ normalizer: Normalizer, featureCount: Int) throws(NormalizationError) {
    if normalizer.featureCount == nil {
      values = try normalizer.transform(bytes: Array(0...255), columnCount: 1)
      blank = values.elements.firstIndex(of: 0).map { UInt8($0) }
    } else {
      let images = (0...255).flatMap { [UInt8](repeating: UInt8($0), count: featureCount) }
      values = try normalizer.transform(bytes: images, columnCount: featureCount)
      blank = nil
    }
  }

  /// Whether all pixels are scaled alike.
  var isUniform: Bool { values.columnCount == 1 }
}
