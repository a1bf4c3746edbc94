import RandomSources
import Splitting
import Testing

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
