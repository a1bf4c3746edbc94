import RandomSources
import Splitting
import TestFixtures
import Testing

@Suite struct TrainTestSplitTests {
  @Test("a split at random is scikit-learn's, or fails for the same reason", arguments: try SplitGolden.stored().plain)
  func random(_ golden: SplitGolden) {
    golden.check { size, source throws(SplittingError) in
      try .random(sampleCount: golden.sampleCount, testSize: size, using: &source)
    }
  }

  @Test("every sample is in one part, once, and the parts have their sizes", arguments: 2...40)
  func parts(_ sampleCount: Int) throws {
    var source = NumPyRandomSource(seed: UInt32(sampleCount))
    let split = try TrainTestSplit.random(sampleCount: sampleCount, testSize: .fraction(0.3), using: &source)
    #expect((split.train + split.test).sorted() == Array(0..<sampleCount))
    #expect(split.test.count == (3 * sampleCount + 9) / 10)
  }

  @Test("a refused split draws nothing")
  func untouched() {
    var source = NumPyRandomSource(seed: 5)
    var untouched = source
    #expect(throws: SplittingError.countOutOfRange(4, sampleCount: 4)) {
      try TrainTestSplit.random(sampleCount: 4, testSize: .count(4), using: &source)
    }
    #expect(throws: SplittingError.singleSampleClasses(labels: [9])) {
      try TrainTestSplit.stratified(labels: [9, 1, 1] as [UInt8], testSize: .count(1), using: &source)
    }
    #expect(source.next() == untouched.next())
  }

  @Test("the canonical split keeps the order of the files")
  func canonical() {
    #expect(TrainTestSplit.canonical(trainCount: 3, testCount: 2) == TrainTestSplit(train: [0, 1, 2], test: [3, 4]))
    #expect(TrainTestSplit.canonical(trainCount: 0, testCount: 0) == TrainTestSplit(train: [], test: []))
  }
}

@Suite struct StratifiedSplitTests {
  @Test(
    "a stratified split is scikit-learn's, or fails for the same reason", arguments: try SplitGolden.stored().stratified
  )
  func stratified(_ golden: SplitGolden) throws {
    let labels = try #require(golden.labels)
    golden.check { size, source throws(SplittingError) in
      try .stratified(labels: labels, testSize: size, using: &source)
    }
  }

  @Test("each class has its share of the test part, to within one sample", arguments: 0..<30 as Range<UInt32>)
  func shares(_ seed: UInt32) throws {
    var source = NumPyRandomSource(seed: seed)
    let labels = (0..<200).map { _ in UInt8(source.integer(through: 4)) }
    let split = try TrainTestSplit.stratified(labels: labels, testSize: .fraction(0.31), using: &source)
    #expect((split.train + split.test).sorted() == Array(0..<200))
    for label in Set(labels) {
      let all = labels.count { $0 == label }
      let test = split.test.count { labels[$0] == label }
      #expect(abs(Double(test) - 0.31 * Double(all)) <= 1)
    }
  }

  @Test("the type of the labels does not matter, nor what numbers they are")
  func labelTypes() throws {
    let labels = [0, 1, 2, 1, 0, 2, 2, 1, 0, 0, 1, 1]
    var splits: Set<[Int]> = []
    for seed in 0..<3 as Range<UInt32> {
      var sources = (NumPyRandomSource(seed: seed), NumPyRandomSource(seed: seed), NumPyRandomSource(seed: seed))
      let size = TestSize.count(5)
      let split = try TrainTestSplit.stratified(labels: labels, testSize: size, using: &sources.0)
      #expect(try split == .stratified(labels: labels.map { UInt8($0) }, testSize: size, using: &sources.1))
      #expect(try split == .stratified(labels: labels.map { Int32($0) * 90 - 80 }, testSize: size, using: &sources.2))
      splits.insert(split.test)
    }
    #expect(splits.count == 3)
  }
}

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
