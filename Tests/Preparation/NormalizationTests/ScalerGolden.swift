import TestFixtures
import Testing

/// What scikit-learn gave, made by tools/reference/make_stage_goldens.py.
struct ScalerGolden: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var rows: [[Double]]
  var range: [Double]
  var minMaxByFeature: [[Double]]
  var minMaxByFeatureInverse: [[Double]]
  var minMaxWhole: [[Double]]
  var mean: [Double]
  var variance: [Double]
  var scale: [Double]
  var standard: [[Double]]
  var wholeMean: Double
  var wholeVariance: Double
  var wholeScale: Double
  var standardWhole: [[Double]]

  var testDescription: String { name }

  static func stored() throws -> [ScalerGolden] {
    struct File: Decodable { var cases: [ScalerGolden] }
    return try Fixture("stages/scalers.json").decode(File.self).cases
  }
}
