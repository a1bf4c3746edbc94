internal import Matrices

/// Where samples lie in memory, for as long as the call lasts that gives it.
struct SampleSource {
  private enum Rows {
    case pixels(UnsafePointer<UInt8>, indices: UnsafePointer<Int>?, scale: PixelScale)
    case features(UnsafePointer<Double>)
  }

  private let rows: Rows
  /// The table of the pixels' scale.
  private let table: UnsafePointer<Double>?
  let featureCount: Int
  let count: Int

  /// What bytes stand for, where a sample is bytes most of which may stand for 0; nil for any other samples.
  var sparseScale: ByteScale<Double>? {
    guard case .pixels(_, _, let scale) = rows, let blank = scale.blank, let table else { return nil }
    return ByteScale(table: table, blank: blank)
  }

  /// The bytes of a sample of pixels, `[featureCount]`.
  func bytes(_ index: Int) -> UnsafePointer<UInt8> {
    guard case .pixels(let pixels, let indices, _) = rows else { preconditionFailure("the samples are not bytes") }
    return pixels + (indices.map { $0[index] } ?? index) * featureCount
  }

  /// Writes the features of a sample, `[featureCount]`, zeros and all.
  func write<Scalar: BinaryFloatingPoint>(_ index: Int, to row: UnsafeMutablePointer<Scalar>) {
    switch rows {
    case .features(let features):
      for feature in 0..<featureCount { row[feature] = Scalar(features[index * featureCount + feature]) }
    case .pixels(_, _, let scale):
      guard let table else { return }
      let bytes = bytes(index)
      if scale.isUniform {
        for feature in 0..<featureCount { row[feature] = Scalar(table[Int(bytes[feature])]) }
      } else {
        for feature in 0..<featureCount {
          row[feature] = Scalar(table[Int(bytes[feature]) * featureCount + feature])
        }
      }
    }
  }

  fileprivate init(features: UnsafePointer<Double>, featureCount: Int, count: Int) {
    rows = .features(features)
    table = nil
    self.featureCount = featureCount
    self.count = count
  }

  fileprivate init(
    pixels: UnsafePointer<UInt8>, indices: UnsafePointer<Int>?, scale: PixelScale, table: UnsafePointer<Double>,
    featureCount: Int, count: Int
  ) {
    rows = .pixels(pixels, indices: indices, scale: scale)
    self.table = table
    self.featureCount = featureCount
    self.count = count
  }
}

extension Samples {
  /// Calls `body` with the place of the samples, of which there is at least one with at least one feature.
  func withSource<Result, Failure: Error>(
    _ body: (SampleSource) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(count > 0 && featureCount > 0, "there are samples")
    switch storage {
    case .features(let matrix):
      return try matrix.withUnsafeElements { elements throws(Failure) in
        try body(SampleSource(features: elements.baseAddress!, featureCount: featureCount, count: count))
      }
    case .pixels(let pixels, let indices, let scale):
      // An empty array stands in for no indices, so that one nest of closures does for both.
      return try pixels.withUnsafeBufferPointer { pixels throws(Failure) in
        try (indices ?? []).withUnsafeBufferPointer { order throws(Failure) in
          try scale.values.withUnsafeElements { table throws(Failure) in
            try body(
              SampleSource(
                pixels: pixels.baseAddress!, indices: indices == nil ? nil : order.baseAddress, scale: scale,
                table: table.baseAddress!, featureCount: featureCount, count: count))
          }
        }
      }
    }
  }
}
