internal import Normalization

/// A stretch of the features, as far as the first layer is concerned: its sums can be taken band by band, and then added up.
///
/// Two workers share a layer best by bands where samples are lists of what is not 0: each lists only its band's part of them,
/// and its band's weights stay in its core's cache. What goes between them are the sums, so there must not be too many.
struct InputBand {
  let features: Range<Int>
  /// The rows of the first layer's weights: those of the features, and of the last band's also the constant's behind them.
  let rows: Range<Int>

  /// All features.
  static func whole(_ featureCount: Int) -> InputBand {
    InputBand(features: 0..<featureCount, rows: 0..<featureCount + 1)
  }

  /// Two bands of samples that are lists of what is not blank, with about as many such bytes in each; nil where they would not
  /// pay: for few features, so many units that their sums are much to hand over, or so many outputs that the weights into them,
  /// of which each worker has a copy, are not few.
  ///
  /// They follow from the samples and the layers alone, as the order of sums does from them.
  static func halves(of memory: SampleMemory, blank: UInt8, unitCount: Int, outputCount: Int) -> [InputBand]? {
    let featureCount = memory.featureCount
    guard featureCount >= leastFeatureCount, unitCount <= largestUnitCount, outputCount <= largestOutputCount else {
      return nil
    }
    var counts = [Int](repeating: 0, count: featureCount)
    for sample in stride(from: 0, to: memory.count, by: max(1, memory.count / samplesLookedAt)) {
      let bytes = memory.bytes(sample)
      for feature in 0..<featureCount where bytes[feature] != blank { counts[feature] += 1 }
    }
    let total = counts.reduce(0, +)
    var (middle, below) = (1, counts[0])
    while middle < featureCount - 1, 2 * below < total {
      below += counts[middle]
      middle += 1
    }
    return [
      InputBand(features: 0..<middle, rows: 0..<middle),
      InputBand(features: middle..<featureCount, rows: middle..<featureCount + 1),
    ]
  }

  private static let leastFeatureCount = 128
  /// The units of the first layer that bands pay for.
  static let largestUnitCount = 512
  private static let largestOutputCount = 256
  private static let samplesLookedAt = 500
}
