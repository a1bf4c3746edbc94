internal import Matrices
internal import Pixels

/// Where samples lie in memory, for as long as the call lasts that gives it.
struct SampleMemory {
  // Plain pointers, so that asking for a sample costs nothing but arithmetic.
  /// `[imageCount, featureCount]`; nil where samples are features.
  private let pixels: UnsafePixelRows?
  /// Which images are the samples; nil for all.
  private let indices: UnsafePointer<Int>?
  /// What bytes stand for, `[256]`, or `[256, featureCount]` where that differs from pixel to pixel.
  private let table: UnsafePointer<Double>?
  private let isUniform: Bool
  private let blank: UInt8?
  /// `[count, featureCount]`; nil where samples are pixels.
  private let features: UnsafePointer<Double>?
  let featureCount: Int
  let count: Int

  /// What bytes stand for, `[256]`, and which one for 0, where a sample is bytes most of which may stand for 0; nil for
  /// any other samples.
  var sparseScale: (table: UnsafePointer<Double>, blank: UInt8)? {
    guard let table, let blank else { return nil }
    return (table, blank)
  }

  /// The bytes of a sample of pixels, `[featureCount]`.
  func bytes(_ index: Int) -> UnsafePointer<UInt8> {
    guard let pixels else { preconditionFailure("the samples are not bytes") }
    return pixels[indices.map { $0[index] } ?? index]
  }

  /// Writes the features of a sample, `[featureCount]`, zeros and all.
  func write<Scalar: BinaryFloatingPoint>(_ index: Int, to row: UnsafeMutablePointer<Scalar>) {
    if let features {
      for feature in 0..<featureCount { row[feature] = Scalar(features[index * featureCount + feature]) }
    } else if let table {
      let bytes = bytes(index)
      if isUniform {
        for feature in 0..<featureCount { row[feature] = Scalar(table[Int(bytes[feature])]) }
      } else {
        for feature in 0..<featureCount {
          row[feature] = Scalar(table[Int(bytes[feature]) * featureCount + feature])
        }
      }
    }
  }

  fileprivate init(features: UnsafePointer<Double>, featureCount: Int, count: Int) {
    self.features = features
    (pixels, indices, table, isUniform, blank) = (nil, nil, nil, true, nil)
    self.featureCount = featureCount
    self.count = count
  }

  fileprivate init(
    pixels: UnsafePixelRows, indices: UnsafePointer<Int>?, scale: PixelScale, table: UnsafePointer<Double>,
    featureCount: Int, count: Int
  ) {
    self.pixels = pixels
    self.indices = indices
    self.table = table
    isUniform = scale.isUniform
    blank = scale.blank
    features = nil
    self.featureCount = featureCount
    self.count = count
  }
}

extension Samples {
  /// Calls `body` with the place of the samples, of which there is at least one with at least one feature.
  func withMemory<Result, Failure: Error>(
    _ body: (SampleMemory) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(count > 0 && featureCount > 0, "there are samples")
    switch storage {
    case .features(let matrix):
      return try matrix.withUnsafeElements { elements throws(Failure) in
        try body(SampleMemory(features: elements.baseAddress!, featureCount: featureCount, count: count))
      }
    case .pixels(let pixels, let indices, let scale):
      // An empty array stands in for no indices, so that one nest of closures does for both.
      return try pixels.withUnsafeRows(of: featureCount) { (pixels) throws(Failure) in
        try (indices ?? []).withUnsafeBufferPointer { order throws(Failure) in
          try scale.values.withUnsafeElements { table throws(Failure) in
            try body(
              SampleMemory(
                pixels: pixels, indices: indices == nil ? nil : order.baseAddress, scale: scale,
                table: table.baseAddress!, featureCount: featureCount, count: count))
          }
        }
      }
    }
  }
}
