public import RandomSources

/// A division of a data set into training, test and validation parts, as ordered indices of samples.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// let split = try TrainTestSplit.random(sampleCount: 1797, testSize: .fraction(0.25), using: &source)
/// let trainingSamples = samples.rows(at: split.train)  // [1347, featureCount]
/// ```
///
/// With `NumPyRandomSource`, the indices are those of scikit-learn's `train_test_split` after `np.random.seed(seed)`.
/// After the split, the source is in the same state as NumPy's random state.
public struct TrainTestSplit: Equatable, Sendable {
  /// The indices of the training samples, `[trainCount]`.
  public var train: [Int]

  /// The indices of the test samples, `[testCount]`.
  public var test: [Int]

  /// The indices of the validation samples; empty if there are none.
  ///
  /// Each epoch of training is evaluated on the validation samples. They are taken out of the training part, so `train`
  /// does not contain them.
  public var validation: [Int]

  /// Creates a split from indices of samples.
  public init(train: [Int], test: [Int], validation: [Int] = []) {
    self.train = train
    self.test = test
    self.validation = validation
  }

  /// Returns the original split of a data set. The first samples are for training, and the other samples are for
  /// testing.
  public static func canonical(trainCount: Int, testCount: Int) -> TrainTestSplit {
    precondition(trainCount >= 0 && testCount >= 0, "the numbers of samples must not be negative")
    return TrainTestSplit(train: Array(0..<trainCount), test: Array(trainCount..<(trainCount + testCount)))
  }

  /// Returns a random split that equals scikit-learn's `train_test_split(..., test_size=testSize)`.
  ///
  /// All samples are permuted. The first samples of the permutation are the test part; the other samples are the
  /// training part.
  ///
  /// - Parameters:
  ///   - sampleCount: The number of samples, not negative.
  ///   - testSize: The size of the test part.
  ///   - source: The random source, from which the permutation is drawn.
  /// - Throws: ``SplittingError`` if the size is not valid for this number of samples. An error is thrown before
  ///   anything is drawn.
  /// - Complexity: O(sampleCount).
  public static func random(
    sampleCount: Int, testSize: TestSize, using source: inout some RandomSource
  ) throws(SplittingError) -> TrainTestSplit {
    let testCount = try testSize.testCount(outOf: sampleCount)
    let permutation = source.permutation(sampleCount)
    return TrainTestSplit(train: Array(permutation.dropFirst(testCount)), test: Array(permutation.prefix(testCount)))
  }

  /// Returns a random split in which both parts have nearly the same proportion of each class.
  ///
  /// The split equals scikit-learn's `train_test_split(..., test_size=testSize, stratify=labels)`. It is made in three
  /// steps:
  ///
  /// 1. The number of samples of each class in each part is computed. It is approximately the most likely number in a
  ///    draw without replacement.
  /// 2. The samples are drawn, class by class.
  /// 3. The order of both parts is drawn.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, `[sampleCount]`.
  ///   - testSize: The size of the test part.
  ///   - source: The random source.
  /// - Throws: ``SplittingError`` if the size is not valid for this number of samples, if a class has a single sample,
  ///   or if a part has fewer samples than there are classes. An error is thrown before anything is drawn.
  /// - Complexity: O(n + c log c) for n samples of c classes.
  public static func stratified(
    labels: some Collection<some FixedWidthInteger>, testSize: TestSize, using source: inout some RandomSource
  ) throws(SplittingError) -> TrainTestSplit {
    let testCount = try testSize.testCount(outOf: labels.count)
    let trainCount = labels.count - testCount

    let classes = samplesByClass(labels).sorted { $0.label < $1.label }
    let single = classes.filter { $0.samples.count == 1 }.map(\.label)
    guard single.isEmpty else { throw .singleSampleClasses(labels: single) }
    for (part, count) in [(SplittingError.Part.train, trainCount), (.test, testCount)] where count < classes.count {
      throw .fewerSamplesThanClasses(part: part, sampleCount: count, classCount: classes.count)
    }

    let counts = classes.map(\.samples.count)
    let trainCounts = likeliestCounts(of: trainCount, from: counts, using: &source)
    let remaining = zip(counts, trainCounts).map { $0 - $1 }
    // All remaining samples are used, so the counts are already known. They are computed only because scikit-learn may
    // draw numbers here to break ties that rounding causes.
    let testCounts = likeliestCounts(of: testCount, from: remaining, using: &source)

    var split = TrainTestSplit(train: [], test: [])
    for (position, samples) in classes.map(\.samples).enumerated() {
      let shuffled = source.permutation(samples.count).map { samples[$0] }
      split.train += shuffled.prefix(trainCounts[position])
      split.test += shuffled.dropFirst(trainCounts[position]).prefix(testCounts[position])
    }
    split.train = source.permutation(split.train.count).map { split.train[$0] }
    split.test = source.permutation(split.test.count).map { split.test[$0] }
    return split
  }

  /// Approximates the most likely number of samples of each class in a draw without replacement.
  ///
  /// Each class first gets its exact proportion of `drawCount`, rounded down. Then the classes with the largest
  /// remainders get one more sample each. Ties are broken at random.
  private static func likeliestCounts(
    of drawCount: Int, from classCounts: [Int], using source: inout some RandomSource
  ) -> [Int] {
    let total = Double(classCounts.reduce(0, +))
    let shares = classCounts.map { Double($0) / total * Double(drawCount) }
    let remainders = shares.map { $0 - $0.rounded(.down) }
    var counts = shares.map { Int($0) }
    var missing = drawCount - counts.reduce(0, +)
    let classesByRemainder = Dictionary(grouping: shares.indices) { remainders[$0] }
    for (_, tied) in classesByRemainder.sorted(by: { $0.key > $1.key }) where missing > 0 {
      let chosen = source.permutation(tied.count).prefix(missing)
      for choice in chosen { counts[tied[choice]] += 1 }
      missing -= chosen.count
    }
    return counts
  }
}

/// Returns each class with the indices of its samples. The classes are in the order of their first samples.
func samplesByClass(_ labels: some Collection<some FixedWidthInteger>) -> [(label: Int, samples: [Int])] {
  var places: [Int: Int] = [:]
  var classes: [(label: Int, samples: [Int])] = []
  for (index, label) in labels.enumerated() {
    let label = Int(truncatingIfNeeded: label)
    if let place = places[label] {
      classes[place].samples.append(index)
    } else {
      places[label] = classes.count
      classes.append((label, [index]))
    }
  }
  return classes
}
