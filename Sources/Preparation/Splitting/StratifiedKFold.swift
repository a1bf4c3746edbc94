public import RandomSources

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
    var places: [Int: Int] = [:]
    var samples: [[Int]] = []
    for (index, label) in labels.enumerated() {
      let label = Int(truncatingIfNeeded: label)
      if places[label] == nil {
        places[label] = samples.count
        samples.append([])
      }
      samples[places[label]!].append(index)
    }
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
    return KFold.splits(foldOfSample: foldOfSample, foldCount: foldCount)
  }
}
