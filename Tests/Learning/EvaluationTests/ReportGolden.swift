import Evaluation
import TestFixtures
import Testing

/// What scikit-learn's metrics gave, made by tools/reference/make_stage_goldens.py.
struct ReportGolden: Decodable, CustomTestStringConvertible, Sendable {
  var actual: [Int]
  var predicted: [Int]
  var classCount: Int
  var classNames: [String]?
  var digits: Int
  /// What scikit-learn put where a denominator is 0.
  var zeroDivision: String
  var confusion: [[Int]]?
  var accuracy: Double
  var macroAverage: [Double?]
  var weightedAverage: [Double?]
  var text: String

  var testDescription: String {
    "\(actual.count) samples, \(classCount) classes, \(digits) digits, \(zeroDivision)"
  }

  /// Whether the report is the same with `zero_division=0`, the only one that there is here.
  var isWithZeros: Bool { zeroDivision == "zero" || Set(actual) == Set(predicted) }

  static func stored() throws -> [ReportGolden] {
    struct File: Decodable { var cases: [ReportGolden] }
    return try Fixture("stages/reports.json").decode(File.self).cases
  }
}
