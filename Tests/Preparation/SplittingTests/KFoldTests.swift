import RandomSources
import Splitting
import TestFixtures
import Testing

/// What scikit-learn's `KFold` and `StratifiedKFold` gave, made by tools/reference/make_stage_goldens.py.
struct FoldGolden: Decodable, CustomTestStringConvertible, Sendable {
  var labels: [Int]
  var folds: Int
  /// Nil for no shuffling.
  var seed: UInt32?
  var train: [[Int]]?
  var test: [[Int]]?
  var next: Double?
  var error: String?

  var testDescription: String { "\(folds) folds of \(labels.count), seed \(seed.map(String.init) ?? "none")" }

  struct File: Decodable {
    var plain: [FoldGolden]
    var stratified: [FoldGolden]
  }

  static func stored() throws -> File { try Fixture("stages/folds.json").decode(File.self) }

  /// Checks that folds are the stored ones and leave their source where NumPy's was; or that they fail likewise.
  func check(_ splits: (inout NumPyRandomSource?) throws(SplittingError) -> [TrainTestSplit]) {
    var source = seed.map { NumPyRandomSource(seed: $0) }
    do throws(SplittingError) {
      let found = try splits(&source)
      #expect(error == nil)
      #expect(found.map(\.train) == train)
      #expect(found.map(\.test) == test)
      #expect(source?.uniform() == next)
      #expect(found.flatMap(\.test).sorted() == Array(labels.indices))
    } catch {
      let reason =
        switch error {
        case .foldCountOutOfRange(let count, .none): "got n_splits=\(count)"
        case .foldCountOutOfRange(let count, .some(let samples)):
          "n_splits=\(count) greater than the number of samples: n_samples=\(samples)"
        case .foldsExceedClasses(let count):
          "n_splits=\(count) cannot be greater than the number of members in each class"
        default: "no reason of folds"
        }
      #expect(self.error?.contains(reason) == true, "\(error) \(self.error ?? "")")
    }
  }
}

@Suite struct KFoldTests {
  @Test("folds are scikit-learn's, or fail for the same reason", arguments: try FoldGolden.stored().plain)
  func plain(_ golden: FoldGolden) {
    golden.check { source throws(SplittingError) in
      let folds = try KFold(foldCount: golden.folds)
      guard source != nil else { return try folds.splits(sampleCount: golden.labels.count) }
      return try folds.splits(sampleCount: golden.labels.count, using: &source!)
    }
  }
}

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
