public import RandomSources

extension TrainTestSplit {
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

    var indicesByLabel: [Int: [Int]] = [:]
    for (index, label) in labels.enumerated() {
      indicesByLabel[Int(truncatingIfNeeded: label), default: []].append(index)
    }
    let classes = indicesByLabel.sorted { $0.key < $1.key }
    let single = classes.filter { $0.value.count == 1 }.map(\.key)
    guard single.isEmpty else { throw .singleSampleClasses(labels: single) }
    for (part, count) in [(SplittingError.Part.train, trainCount), (.test, testCount)] where count < classes.count {
      throw .fewerSamplesThanClasses(part: part, sampleCount: count, classCount: classes.count)
    }

    let counts = classes.map(\.value.count)
    let trainCounts = likeliestCounts(of: trainCount, from: counts, using: &source)
    let remaining = zip(counts, trainCounts).map { $0 - $1 }
    // These are all that remain, so the result is plain; but scikit-learn may draw here to break ties made by rounding.
    let testCounts = likeliestCounts(of: testCount, from: remaining, using: &source)

    var split = TrainTestSplit(train: [], test: [])
    for (position, samples) in classes.map(\.value).enumerated() {
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
