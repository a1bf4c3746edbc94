import RandomSources
import Splitting
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
