import RandomSources
import Splitting
import TestFixtures
import Testing

/// What scikit-learn's `train_test_split` gave, made by tools/reference/make_stage_goldens.py.
struct SplitGolden: Decodable, CustomTestStringConvertible, Sendable {
  var sampleCount: Int
  var testSize: String
  var seed: UInt32
  var labels: [Int]?
  var train: [Int]?
  var test: [Int]?
  var next: Double?
  var error: String?

  var testDescription: String { "\(testSize) of \(sampleCount), seed \(seed)" }

  struct File: Decodable {
    var plain: [SplitGolden]
    var stratified: [SplitGolden]
  }

  static func stored() throws -> File {
    try Fixture("stages/splits.json").decode(File.self)
  }

  /// Checks that a split is the stored one and leaves its source where NumPy's was; or that it fails for the same reason.
  func check(
    _ split: (TestSize, inout NumPyRandomSource) throws(SplittingError) -> TrainTestSplit
  ) {
    var source = NumPyRandomSource(seed: seed)
    do throws(SplittingError) {
      let found = try split(try TestSize(parsing: testSize), &source)
      #expect(error == nil)
      #expect(found.train == train)
      #expect(found.test == test)
      #expect(source.uniform() == next)
      #expect((found.train + found.test).sorted() == Array(0..<sampleCount))
    } catch {
      #expect(self.error?.contains(reason(error)) == true, "\(error)")
    }
  }

  /// How scikit-learn says it.
  private func reason(_ error: SplittingError) -> String {
    switch error {
    case .notATestSize(let text): "not a test size: \(text)"
    case .fractionOutOfRange(let fraction): "Got \(fraction) instead"
    case .countOutOfRange(let count, .none): "Got \(count) instead"
    case .countOutOfRange(let count, .some(let samples)):
      "test_size=\(count) should be either positive and smaller than the number of samples \(samples) "
    case .noTrainingSamples(let size, let samples): "n_samples=\(samples), test_size=\(size) and"
    case .singleSampleClasses(let labels): "too few members are: \(labels)"
    case .fewerSamplesThanClasses(let part, let samples, let classes):
      "\(part)_size = \(samples) should be greater or equal to the number of classes = \(classes)"
    case .foldCountOutOfRange, .foldsExceedClasses: "no reason of a split in two"
    }
  }
}
