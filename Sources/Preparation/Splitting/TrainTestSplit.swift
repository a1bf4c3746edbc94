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

  /// A split at random in which each class has the same share of both parts, as nearly as whole samples allow.
  ///
  /// As scikit-learn's `train_test_split(..., test_size=testSize, stratify=labels)`: how many samples of each class go where
  /// is the likeliest outcome of drawing without replacement, approximately; which they are is then drawn class by class,
  /// and at last the order of both parts.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, `[sampleCount]`.
  ///   - testSize: How many of the samples are to be test samples.
  ///   - source: What is drawn from.
  /// - Throws: ``SplittingError`` if the size does not suit the number of samples, a class has a single sample, or a part
  ///   would have fewer samples than there are classes; nothing has then been drawn.
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
    // These are all that remain, so the result is plain; but scikit-learn may draw here to break ties made by rounding.
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

  /// How many of `drawCount` samples come from each class, if classes of the given counts are drawn from without
  /// replacement: each class's exact share rounded down, and one more for those with the largest remainders, where equal
  /// ones are chosen from at random.
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

/// Returns the classes in the order in which they first come, each with the indices of its samples.
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
