import RandomSources
import Splitting
import Testing

@Suite struct StratifiedKFoldTests {
  @Test(
    "stratified folds are scikit-learn's, or fail for the same reason", arguments: try FoldGolden.stored().stratified)
  func stratified(_ golden: FoldGolden) {
    golden.check { source throws(SplittingError) in
      let folds = try StratifiedKFold(foldCount: golden.folds)
      guard source != nil else { return try folds.splits(labels: golden.labels) }
      return try folds.splits(labels: golden.labels.map { UInt8($0) }, using: &source!)
    }
  }

  @Test("each class has its share of every fold, to within one sample", arguments: 0..<10 as Range<UInt32>)
  func shares(_ seed: UInt32) throws {
    var source = NumPyRandomSource(seed: seed)
    let labels = (0..<233).map { _ in UInt8(source.integer(through: 4)) }
    let splits = try StratifiedKFold(foldCount: 4).splits(labels: labels, using: &source)
    for label in Set(labels) {
      let counts = splits.map { split in split.test.count { labels[$0] == label } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }
}
