public import RandomSources

/// K-fold cross-validation: each fold in turn is the test part, and the other folds are the training part.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// for split in try KFold(foldCount: 5).splits(sampleCount: 1797, using: &source) {
///   train(on: split.train)
///   evaluate(on: split.test)
/// }
/// ```
///
/// Every sample is predicted once, by a network that was trained without this sample. The folds are those of
/// scikit-learn's `KFold`. With `NumPyRandomSource`, the shuffled folds are those of
/// `KFold(shuffle=True, random_state=seed)`. The indices of both parts of a split are ascending. The first
/// `sampleCount % foldCount` folds have one more sample than the other folds.
public struct KFold: Equatable, Hashable, Sendable {
  /// The number of folds, 2 or more.
  public let foldCount: Int

  /// Creates a division into `foldCount` folds.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` if `foldCount` is below 2.
  public init(foldCount: Int) throws(SplittingError) {
    guard foldCount >= 2 else { throw .foldCountOutOfRange(foldCount, sampleCount: nil) }
    self.foldCount = foldCount
  }

  /// Returns one split for each fold, `[foldCount]`. Without shuffling, each fold is a range of neighbouring samples.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` if there are fewer samples than folds.
  /// - Complexity: O(sampleCount * foldCount).
  public func splits(sampleCount: Int) throws(SplittingError) -> [TrainTestSplit] {
    try check(sampleCount)
    return splits(foldOfSample: folds(of: Array(0..<sampleCount)))
  }

  /// Returns one split for each fold, `[foldCount]`. The samples are assigned to the folds in random order.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of samples.
  ///   - source: The random source, from which one permutation is drawn.
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` if there are fewer samples than folds. An error
  ///   is thrown before anything is drawn.
  /// - Complexity: O(sampleCount * foldCount).
  public func splits(
    sampleCount: Int, using source: inout some RandomSource
  ) throws(SplittingError) -> [TrainTestSplit] {
    try check(sampleCount)
    return splits(foldOfSample: folds(of: source.permutation(sampleCount)))
  }

  fileprivate func check(_ sampleCount: Int) throws(SplittingError) {
    precondition(sampleCount >= 0, "the number of samples must not be negative")
    guard foldCount <= sampleCount else { throw .foldCountOutOfRange(foldCount, sampleCount: sampleCount) }
  }

  /// Cuts `order` into folds of nearly equal size, and returns the fold of each sample, `[sampleCount]`.
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

  /// Returns one split for each fold, `[foldCount]`.
  ///
  /// - Parameter foldOfSample: The fold of each sample, `[sampleCount]`.
  fileprivate func splits(foldOfSample: [Int]) -> [TrainTestSplit] {
    (0..<foldCount).map { fold in
      TrainTestSplit(
        train: foldOfSample.indices.filter { foldOfSample[$0] != fold },
        test: foldOfSample.indices.filter { foldOfSample[$0] == fold })
    }
  }
}

/// K-fold cross-validation in which every fold has nearly the same proportion of each class.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// let splits = try StratifiedKFold(foldCount: 5).splits(labels: labels, using: &source)
/// ```
///
/// The folds are those of scikit-learn's `StratifiedKFold`. With `NumPyRandomSource`, the shuffled folds are those of
/// `StratifiedKFold(shuffle=True, random_state=seed)`. The indices of both parts of a split are ascending. If a class
/// has fewer samples than there are folds, some test parts have no sample of this class.
public struct StratifiedKFold: Equatable, Hashable, Sendable {
  private let folds: KFold

  /// The number of folds, 2 or more.
  public var foldCount: Int { folds.foldCount }

  /// Creates a division into `foldCount` folds.
  ///
  /// - Throws: ``SplittingError/foldCountOutOfRange(_:sampleCount:)`` if `foldCount` is below 2.
  public init(foldCount: Int) throws(SplittingError) {
    folds = try KFold(foldCount: foldCount)
  }

  /// Returns one split for each fold, `[foldCount]`. The samples are not shuffled.
  ///
  /// - Parameter labels: The class of each sample, `[sampleCount]`.
  /// - Throws: ``SplittingError`` if every class has fewer samples than there are folds.
  /// - Complexity: O(sampleCount * foldCount + c log c) for c classes.
  public func splits(labels: some Collection<some FixedWidthInteger>) throws(SplittingError) -> [TrainTestSplit] {
    try splits(labels) { Array(0..<$0) }
  }

  /// Returns one split for each fold, `[foldCount]`. The samples of each class are assigned to the folds in random
  /// order.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, `[sampleCount]`.
  ///   - source: The random source. One permutation per class is drawn, in the order in which the classes first appear.
  /// - Throws: ``SplittingError`` if every class has fewer samples than there are folds. An error is thrown before
  ///   anything is drawn.
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
    // The classes are in the order of their first sample, as in scikit-learn.
    let samples = samplesByClass(labels).map(\.samples)
    guard samples.contains(where: { $0.count >= foldCount }) else { throw .foldsExceedClasses(foldCount: foldCount) }

    // All samples, sorted by class, are dealt to the folds in turn. The result is the number of samples of each class
    // in each fold.
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
