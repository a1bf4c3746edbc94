public import RandomSources

/// Divides samples into folds of about one size, each of which is the test part once while the others are trained on.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// for split in try KFold(foldCount: 5).splits(sampleCount: 1797, using: &source) {
///   train(on: split.train)
///   judge(by: split.test)
/// }
/// ```
///
/// So every sample is predicted once by a network that has not seen it. As scikit-learn's `KFold`, with
/// ``NumPyRandomSource`` also `KFold(shuffle=True, random_state=seed)`: both parts' indices are ascending, and the first
/// `sampleCount % foldCount` folds have one sample more than the others.
public struct KFold: Equatable, Hashable, Sendable {
  /// The number of folds, 2 or more.
  public let foldCount: Int

  /// Folds of a number.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` below 2.
  public init(foldCount: Int) throws(SplittingError) {
    guard foldCount >= 2 else { throw .foldCountOutOfRange(foldCount, sampleCount: nil) }
    self.foldCount = foldCount
  }

  /// The splits of samples in their order, neighbours in one fold: `[foldCount]`.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` where there are fewer samples than folds.
  /// - Complexity: O(sampleCount * foldCount).
  public func splits(sampleCount: Int) throws(SplittingError) -> [TrainTestSplit] {
    try check(sampleCount)
    return splits(foldOfSample: folds(of: Array(0..<sampleCount)))
  }

  /// The splits of samples in a random order: `[foldCount]`.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of samples.
  ///   - source: What one permutation is drawn from.
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` where there are fewer samples than folds; nothing has
  ///   then been drawn.
  /// - Complexity: O(sampleCount * foldCount).
  public func splits(
    sampleCount: Int, using source: inout some RandomSource
  ) throws(SplittingError) -> [TrainTestSplit] {
    try check(sampleCount)
    return splits(foldOfSample: folds(of: source.permutation(sampleCount)))
  }

  fileprivate func check(_ sampleCount: Int) throws(SplittingError) {
    precondition(sampleCount >= 0, "a number of samples is not negative")
    guard foldCount <= sampleCount else { throw .foldCountOutOfRange(foldCount, sampleCount: sampleCount) }
  }

  /// Which fold each sample falls to when an order of them is cut, `[sampleCount]`.
  private func folds(of order: [Int]) -> [Int] {
    let (size, surplus) = order.count.quotientAndRemainder(dividingBy: foldCount)
    var result = [Int](repeating: 0, count: order.count)
    var start = 0
    for fold in 0..<foldCount {
      let end = start + size + (fold < surplus ? 1 : 0)
      for sample in order[start..<end] { result[sample] = fold }
      start = end
    }
    return result
  }

  /// The splits in which each fold in turn is the test part.
  fileprivate func splits(foldOfSample: [Int]) -> [TrainTestSplit] {
    (0..<foldCount).map { fold in
      TrainTestSplit(
        train: foldOfSample.indices.filter { foldOfSample[$0] != fold },
        test: foldOfSample.indices.filter { foldOfSample[$0] == fold })
    }
  }
}

/// ``KFold`` in which each class has the same share of every fold, as nearly as whole samples allow.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// let splits = try StratifiedKFold(foldCount: 5).splits(labels: labels, using: &source)
/// ```
///
/// As scikit-learn's `StratifiedKFold`, with ``NumPyRandomSource`` also `StratifiedKFold(shuffle=True, random_state=seed)`;
/// both parts' indices are ascending. A class with fewer samples than there are folds is missing from some test parts.
public struct StratifiedKFold: Equatable, Hashable, Sendable {
  private let folds: KFold

  /// The number of folds, 2 or more.
  public var foldCount: Int { folds.foldCount }

  /// Folds of a number.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` below 2.
  public init(foldCount: Int) throws(SplittingError) {
    folds = try KFold(foldCount: foldCount)
  }

  /// The splits of samples in their order: `[foldCount]`.
  ///
  /// - Parameter labels: The class of each sample, `[sampleCount]`.
  /// - Throws: ``SplittingError`` where there are more folds than samples of any class.
  /// - Complexity: O(sampleCount * foldCount + c log c) for c classes.
  public func splits(labels: some Collection<some FixedWidthInteger>) throws(SplittingError) -> [TrainTestSplit] {
    try splits(labels) { Array(0..<$0) }
  }

  /// The splits of samples, those of each class in a random order: `[foldCount]`.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, `[sampleCount]`.
  ///   - source: What a permutation for each class is drawn from, in the order in which classes first come.
  /// - Throws: ``SplittingError`` where there are more folds than samples of any class; nothing has then been drawn.
  /// - Complexity: O(sampleCount * foldCount + c log c) for c classes.
  public func splits(
    labels: some Collection<some FixedWidthInteger>, using source: inout some RandomSource
  ) throws(SplittingError) -> [TrainTestSplit] {
    try splits(labels) { source.permutation($0) }
  }

  private func splits(
    _ labels: some Collection<some FixedWidthInteger>, _ permutation: (Int) -> [Int]
  ) throws(SplittingError) -> [TrainTestSplit] {
    try folds.check(labels.count)
    // In the order in which the classes first come, as scikit-learn has them.
    let samples = samplesByClass(labels).map(\.samples)
    guard samples.contains(where: { $0.count >= foldCount }) else { throw .foldsExceedClasses(foldCount: foldCount) }

    // All samples sorted by class are dealt to the folds in turn, which says how many of each class a fold gets.
    var foldOfSample = [Int](repeating: 0, count: labels.count)
    var dealt = 0
    for classSamples in samples {
      var counts = [Int](repeating: 0, count: foldCount)
      for place in dealt..<dealt + classSamples.count { counts[place % foldCount] += 1 }
      dealt += classSamples.count
      let classFolds = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
      for (sample, place) in zip(classSamples, permutation(classSamples.count)) {
        foldOfSample[sample] = classFolds[place]
      }
    }
    return folds.splits(foldOfSample: foldOfSample)
  }
}
