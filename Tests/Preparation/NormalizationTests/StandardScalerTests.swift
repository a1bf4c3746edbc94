import Foundation
import Matrices
import Normalization
import RandomSources
import Testing

@Suite struct StandardScalerTests {
  @Test("scaling per feature equals that of scikit-learn bit for bit", arguments: try ScalerGolden.stored())
  func byFeature(_ golden: ScalerGolden) throws {
    let matrix = Matrix<Double>(rows: golden.rows)
    let scaler = try StandardScaler.fit(matrix)
    let scaled = try scaler.transform(matrix)
    #expect(scaler.mean == golden.mean)
    #expect(scaler.variance == golden.variance)
    #expect(scaler.scale == golden.scale)
    #expect(scaled == Matrix(rows: golden.standard))
  }

  @Test(
    "scaling all features together equals scikit-learn's scaling of a single feature bit for bit",
    arguments: try ScalerGolden.stored())
  func whole(_ golden: ScalerGolden) throws {
    let matrix = Matrix<Double>(rows: golden.rows)
    let scaler = try StandardScaler.fit(matrix, scope: .whole)
    let scaled = try scaler.transform(matrix)
    #expect(scaler.mean == [golden.wholeMean])
    #expect(scaler.variance == [golden.wholeVariance])
    #expect(scaler.scale == [golden.wholeScale])
    #expect(scaled == Matrix(rows: golden.standardWhole))
  }

  @Test("scaled data has mean 0 and variance 1, and the inverse returns the data", arguments: ScalingScope.allCases)
  func inverse(_ scope: ScalingScope) throws {
    var source = NumPyRandomSource(seed: 2)
    let matrix = Matrix(
      rowCount: 200, columnCount: 3, elements: (0..<600).map { _ in 50 + source.standardNormal() * 9 })
    let scaler = try StandardScaler.fit(matrix, scope: scope)
    let scaled = try scaler.transform(matrix)
    let again = try StandardScaler.fit(scaled, scope: scope)
    #expect(again.mean.count == (scope == .feature ? 3 : 1))
    #expect(again.mean.allSatisfy { abs($0) < 1e-13 } && again.variance.allSatisfy { abs($0 - 1) < 1e-13 })
    let back = try scaler.inverseTransform(scaled)
    #expect(zip(back.elements, matrix.elements).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("a constant feature is shifted to 0 with scale 1")
  func constant() throws {
    let scaler = try StandardScaler.fit(Matrix(rows: [[0.1, 1], [0.1, 3], [0.1, 5]]))
    #expect(scaler.scale[0] == 1)
    #expect(try abs(scaler.transform(Matrix(rows: [[1.1, 3]]))[0, 0] - 1) < 1e-15)
  }

  @Test("the error for data that cannot be scaled gives the row and the column")
  func errors() throws {
    let scaler = try StandardScaler.fit(Matrix<Double>(rows: [[1, 2], [3, 4]]))
    let infinite = Matrix<Double>(rows: [[1, 2], [-.infinity, 1]])
    let far = Matrix<Double>(rows: [[1, -1e200], [1, 1e200]])
    #expect(throws: NormalizationError.noData(rowCount: 0, columnCount: 2)) {
      try StandardScaler.fit(Matrix(rowCount: 0, columnCount: 2))
    }
    #expect(throws: NormalizationError.notFinite(row: 1, column: 0)) { try StandardScaler.fit(infinite) }
    #expect(throws: NormalizationError.notFinite(row: 1, column: 0)) { try scaler.transform(infinite) }
    #expect(throws: NormalizationError.overflow(column: 1)) { try StandardScaler.fit(far) }
    #expect(throws: NormalizationError.overflow(column: nil)) { try StandardScaler.fit(far, scope: .whole) }
    #expect(throws: NormalizationError.featureCount(expected: 2, found: 1)) {
      try scaler.transform(Matrix(rows: [[1]]))
    }
    #expect(throws: NormalizationError.featureCount(expected: 2, found: 3)) {
      try scaler.inverseTransform(Matrix(rows: [[1, 2, 3]]))
    }
  }

  @Test("fitting to bytes, or to some rows of bytes, equals fitting to a matrix bit for bit")
  func bytes() throws {
    var source = SplittableRandomSource(seed: 1)
    let bytes = (0..<300 * 7).map { $0 % 7 == 3 ? 9 : UInt8(source.integer(through: 255)) }
    let matrix = Matrix<Double>(rowCount: 300, columnCount: 7, elements: bytes.map { Double($0) })
    #expect(try StandardScaler.fit(bytes, featureCount: 7) == StandardScaler.fit(matrix))
    let indices = [17, 4, 299, 4, 0]
    #expect(
      try StandardScaler.fit(bytes, featureCount: 7, at: indices) == StandardScaler.fit(matrix.rows(at: indices)))
    #expect(throws: NormalizationError.byteCount(found: 2100, columnCount: 8)) {
      try StandardScaler.fit(bytes, featureCount: 8)
    }
    #expect(throws: NormalizationError.noData(rowCount: 0, columnCount: 7)) {
      try StandardScaler.fit(bytes, featureCount: 7, at: [])
    }
  }

  @Test("a scaler is equal after encoding and decoding", arguments: ScalingScope.allCases)
  func stored(_ scope: ScalingScope) throws {
    let scaler = try StandardScaler.fit(Matrix<Double>(rows: [[0.1, 1 / 3], [7, -2]]), scope: scope)
    #expect(try JSONDecoder().decode(StandardScaler.self, from: JSONEncoder().encode(scaler)) == scaler)
  }

  @Test(
    "decoding values that cannot be the result of a fit causes an error",
    arguments: [
      #"{"scope": "feature", "mean": [1, 2], "variance": [1, 1], "scale": [1]}"#,
      #"{"scope": "feature", "mean": [1, 2], "variance": [1], "scale": [1, 1]}"#,
      #"{"scope": "feature", "mean": [], "variance": [], "scale": []}"#,
      #"{"scope": "whole", "mean": [1, 2], "variance": [1, 1], "scale": [1, 1]}"#,
      #"{"scope": "feature", "mean": [1], "variance": [0], "scale": [0]}"#,
      #"{"scope": "feature", "mean": [1], "variance": [1], "scale": [-1]}"#,
    ])
  func corrupted(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(StandardScaler.self, from: Data(json.utf8)) }
  }
}
