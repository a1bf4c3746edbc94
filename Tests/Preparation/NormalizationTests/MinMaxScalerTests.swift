import Foundation
import Matrices
import Normalization
import RandomSources
import Testing

@Suite struct MinMaxScalerTests {
  @Test("scaling per feature equals that of scikit-learn bit for bit", arguments: try ScalerGolden.stored())
  func byFeature(_ golden: ScalerGolden) throws {
    let range = golden.range[0]...golden.range[1]
    let matrix = Matrix<Double>(rows: golden.rows)
    let scaler = try MinMaxScaler.fit(matrix, range: range)
    let scaled = try scaler.transform(matrix)
    #expect(scaled == Matrix(rows: golden.minMaxByFeature))
    #expect(try scaler.inverseTransform(scaled) == Matrix(rows: golden.minMaxByFeatureInverse))
  }

  @Test("scaling all features together equals that of NumPy bit for bit", arguments: try ScalerGolden.stored())
  func whole(_ golden: ScalerGolden) throws {
    let range = golden.range[0]...golden.range[1]
    let matrix = Matrix<Double>(rows: golden.rows)
    let scaler = try MinMaxScaler.fit(matrix, range: range, scope: .whole)
    let scaled = try scaler.transform(matrix)
    #expect(scaled == Matrix(rows: golden.minMaxWhole))
    #expect(scaler.minimum == [golden.rows.joined().min()!])
    #expect(scaler.maximum == [golden.rows.joined().max()!])
  }

  @Test("a constant feature is scaled to the lower end of the range", arguments: ScalingScope.allCases)
  func constant(_ scope: ScalingScope) throws {
    let matrix = Matrix<Double>(rows: [[4, 4], [4, 4]])
    let scaler = try MinMaxScaler.fit(matrix, range: 2...3, scope: scope)
    #expect(try scaler.transform(matrix).elements == [2, 2, 2, 2])
    #expect(try scaler.inverseTransform(Matrix(rows: [[2, 2]])).elements == [4, 4])
  }

  @Test("the extreme values become the ends of the range, and the inverse returns the data")
  func inverse() throws {
    var source = NumPyRandomSource(seed: 1)
    let matrix = Matrix(rowCount: 20, columnCount: 5, elements: (0..<100).map { _ in source.standardNormal() * 40 })
    for scope in ScalingScope.allCases {
      for range in [0...1, -1...1, 3...10.5] {
        let scaler = try MinMaxScaler.fit(matrix, range: range, scope: scope)
        let scaled = try scaler.transform(matrix)
        #expect(abs(scaled.elements.min()! - range.lowerBound) < 1e-12)
        #expect(abs(scaled.elements.max()! - range.upperBound) < 1e-12)
        let back = try scaler.inverseTransform(scaled)
        #expect(zip(back.elements, matrix.elements).allSatisfy { abs($0 - $1) < 1e-12 * 200 })
      }
    }
  }

  @Test("values beyond the fitted extremes are scaled to results outside the range")
  func unclipped() throws {
    let scaler = try MinMaxScaler.fit(Matrix<Double>(rows: [[0, 0], [2, 4]]))
    #expect(try scaler.transform(Matrix(rows: [[4, -4]])).elements == [2, -1])
    #expect(try scaler.transform(Matrix(rowCount: 0, columnCount: 2)).rowCount == 0)
  }

  @Test(
    "scaling bytes equals scaling a matrix of their numbers bit for bit",
    arguments: [0...1, -1...1] as [ClosedRange<Double>])
  func bytes(_ range: ClosedRange<Double>) throws {
    let bytes: [UInt8] = (3...252).map { UInt8($0) }.reversed()
    let matrix = Matrix(rowCount: 50, columnCount: 5, elements: bytes.map(Double.init))
    let whole = try MinMaxScaler.fit(bytes, range: range)
    #expect(try whole == MinMaxScaler.fit(matrix, range: range, scope: .whole))
    #expect(try whole.transform(bytes, featureCount: 5).matrix() == whole.transform(matrix))
    let byFeature = try MinMaxScaler.fit(matrix, range: range)
    #expect(try byFeature.transform(bytes, featureCount: 5).matrix() == byFeature.transform(matrix))
    #expect(try whole.transform([], featureCount: 5).matrix().rowCount == 0)
  }

  @Test("the error for data that cannot be scaled gives the row and the column")
  func errors() throws {
    let scaler = try MinMaxScaler.fit(Matrix<Double>(rows: [[1, 2], [3, 4]]))
    let nan = Matrix<Double>(rows: [[1, 2], [1, .nan], [.infinity, 1]])
    let far = Matrix<Double>(rows: [[1, -1.7e308], [1, 1.7e308]])
    #expect(throws: NormalizationError.noData(rowCount: 0, columnCount: 3)) {
      try MinMaxScaler.fit(Matrix(rowCount: 0, columnCount: 3))
    }
    #expect(throws: NormalizationError.noData(rowCount: 3, columnCount: 0)) {
      try MinMaxScaler.fit(Matrix(rowCount: 3, columnCount: 0), scope: .whole)
    }
    #expect(throws: NormalizationError.noData(rowCount: 0, columnCount: 0)) { try MinMaxScaler.fit([]) }
    #expect(throws: NormalizationError.notFinite(row: 1, column: 1)) { try MinMaxScaler.fit(nan) }
    #expect(throws: NormalizationError.notFinite(row: 1, column: 1)) { try scaler.transform(nan) }
    #expect(throws: NormalizationError.notFinite(row: 1, column: 1)) { try scaler.inverseTransform(nan) }
    #expect(throws: NormalizationError.overflow(column: 1)) { try MinMaxScaler.fit(far) }
    #expect(throws: NormalizationError.overflow(column: nil)) { try MinMaxScaler.fit(far, scope: .whole) }
    #expect(throws: NormalizationError.featureCount(expected: 2, found: 3)) {
      try scaler.transform(Matrix(rows: [[1, 2, 3]]))
    }
    #expect(throws: NormalizationError.featureCount(expected: 2, found: 1)) {
      try scaler.inverseTransform(Matrix(rows: [[1]]))
    }
    #expect(throws: NormalizationError.byteCount(found: 7, columnCount: 2)) {
      try scaler.transform([1, 2, 3, 4, 5, 6, 7], featureCount: 2)
    }
    #expect(NormalizationError.overflow(column: 1).description.contains("of column 1"))
  }

  @Test("a scaler is equal after encoding and decoding", arguments: ScalingScope.allCases)
  func stored(_ scope: ScalingScope) throws {
    let matrix = Matrix<Double>(rows: [[0.1, 1 / 3], [7, -2]])
    let scaler = try MinMaxScaler.fit(matrix, range: -1...2, scope: scope)
    #expect(try JSONDecoder().decode(MinMaxScaler.self, from: JSONEncoder().encode(scaler)) == scaler)
  }

  @Test(
    "decoding values that cannot be the result of a fit causes an error",
    arguments: [
      #"{"range": [0, 1], "scope": "feature", "minimum": [1, 2], "maximum": [3]}"#,
      #"{"range": [0, 1], "scope": "feature", "minimum": [], "maximum": []}"#,
      #"{"range": [0, 1], "scope": "whole", "minimum": [1, 2], "maximum": [3, 4]}"#,
      #"{"range": [0, 1], "scope": "whole", "minimum": [], "maximum": []}"#,
      #"{"range": [0, 1], "scope": "whole", "minimum": [3], "maximum": [1]}"#,
      #"{"range": [1, 1], "scope": "whole", "minimum": [1], "maximum": [3]}"#,
      #"{"range": [1, 0], "scope": "whole", "minimum": [1], "maximum": [3]}"#,
      #"{"range": [0, 1], "scope": "whole", "minimum": [-1.7e308], "maximum": [1.7e308]}"#,
      #"{"range": [0, 1], "scope": "row", "minimum": [1], "maximum": [3]}"#,
    ])
  func corrupted(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(MinMaxScaler.self, from: Data(json.utf8)) }
  }
}
