public import RandomSources

/// Which samples to train on and which to test on, as indices into the data set, in the order they are to be used.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// let split = try TrainTestSplit.random(sampleCount: 1797, testSize: .fraction(0.25), using: &source)
/// let trainingSamples = samples.rows(at: split.train)  // [1347, featureCount]
/// ```
///
/// With ``NumPyRandomSource`` the indices are those of scikit-learn's `train_test_split` after `np.random.seed(seed)`, and
/// the source goes on where NumPy's would.
public struct TrainTestSplit: Equatable, Sendable {
  /// The indices of the samples to train on, `[trainCount]`.
  public var train: [Int]

  /// The indices of the samples to test on, `[testCount]`.
  public var test: [Int]

  /// The indices of the samples that judge each epoch of a training, drawn from those to train on; empty for none.
  public var validation: [Int]

  /// Creates a split of the given indices.
  public init(train: [Int], test: [Int], validation: [Int] = []) {
    self.train = train
    self.test = test
    self.validation = validation
  }

  /// The split that a data set comes with: the first samples are for training, the rest for testing.
  public static func canonical(trainCount: Int, testCount: Int) -> TrainTestSplit {
    precondition(trainCount >= 0 && testCount >= 0, "a part has no negative count")
    return TrainTestSplit(train: Array(0..<trainCount), test: Array(trainCount..<(trainCount + testCount)))
  }

  /// A split at random: of one permutation of all samples, the first ones are for testing, the rest for training.
  ///
  /// As scikit-learn's `train_test_split(..., test_size=testSize)`.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of samples, not negative.
  ///   - testSize: How many of them are to be test samples.
  ///   - source: What the permutation is drawn from.
  /// - Throws: ``SplittingError`` if the size does not suit the number of samples; nothing has then been drawn.
  /// - Complexity: O(sampleCount).
  public static func random(
    sampleCount: Int, testSize: TestSize, using source: inout some RandomSource
  ) throws(SplittingError) -> TrainTestSplit {
    let testCount = try testSize.testCount(outOf: sampleCount)
    let permutation = source.permutation(sampleCount)
    return TrainTestSplit(train: Array(permutation.dropFirst(testCount)), test: Array(permutation.prefix(testCount)))
  }
}
