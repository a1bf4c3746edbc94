import Matrices
import Normalization
import Testing

@Suite struct SamplesTests {
  static let pixels: [UInt8] = [0, 50, 100, 150, 200, 250, 0, 0]

  /// Returns samples for every kind of scaling, each with the expected matrix of scaled pixels. Each image has two
  /// pixels.
  static func samples() throws -> [(samples: Samples, expected: Matrix<Double>)] {
    let plain = Matrix(rowCount: 4, columnCount: 2, elements: pixels.map(Double.init))
    let (minMax, standard) = try (MinMaxScaler.fit(pixels), StandardScaler.fit(plain))
    let (ofFeature, ofWhole) = try (MinMaxScaler.fit(plain), StandardScaler.fit(plain, scope: .whole))
    return try [
      (Samples(plain), plain),
      (Normalizer.none.transform(pixels, featureCount: 2), plain),
      (Normalizer.minMax(minMax).transform(pixels, featureCount: 2), minMax.transform(plain)),
      (ofFeature.transform(pixels, featureCount: 2), ofFeature.transform(plain)),
      (Normalizer.standard(standard).transform(pixels, featureCount: 2), standard.transform(plain)),
      (ofWhole.transform(pixels, featureCount: 2), ofWhole.transform(plain)),
    ]
  }

  @Test("the matrix of samples equals the scaled matrix bit for bit")
  func matrix() throws {
    for (samples, expected) in try Self.samples() {
      #expect(samples.count == 4 && samples.featureCount == 2)
      #expect(samples.matrix() == expected)
    }
  }

  @Test("samples can be selected in any order and more than once, also from samples that were selected before")
  func rows() throws {
    for (samples, expected) in try Self.samples() {
      let some = samples.rows(at: [3, 1, 1, 0])
      #expect(some.count == 4 && some.featureCount == 2)
      #expect(some.matrix() == expected.rows(at: [3, 1, 1, 0]))
      #expect(some.rows(at: [2, 0]).matrix() == expected.rows(at: [1, 3]))
      #expect(samples.rows(at: [1, 2]).matrix() == expected.rows(at: 1..<3))
      #expect(samples.rows(at: []).matrix() == Matrix(rowCount: 0, columnCount: 2))
    }
  }

  @Test("bytes that are not a whole number of images, or that do not match the scaler, cause an error")
  func refused() throws {
    #expect(throws: NormalizationError.byteCount(found: 13, columnCount: 12)) {
      try Normalizer.none.transform([UInt8](repeating: 1, count: 13), featureCount: 12)
    }
    let scaler = Normalizer.standard(try StandardScaler.fit(Matrix(rows: [[1, 2], [3, 4]])))
    #expect(throws: NormalizationError.featureCount(expected: 2, found: 3)) {
      try scaler.transform([1, 2, 3], featureCount: 3)
    }
    #expect(try Normalizer.none.transform([], featureCount: 3).count == 0)
  }
}
