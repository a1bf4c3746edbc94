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
    return Self.splits(foldOfSample: folds(of: Array(0..<sampleCount)), foldCount: foldCount)
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
    return Self.splits(foldOfSample: folds(of: source.permutation(sampleCount)), foldCount: foldCount)
  }

  func check(_ sampleCount: Int) throws(SplittingError) {
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
  static func splits(foldOfSample: [Int], foldCount: Int) -> [TrainTestSplit] {
    (0..<foldCount).map { fold in
      TrainTestSplit(
        train: foldOfSample.indices.filter { foldOfSample[$0] != fold },
        test: foldOfSample.indices.filter { foldOfSample[$0] == fold })
    }
  }
}
