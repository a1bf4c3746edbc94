/// A class, another one that it was taken for, and how often.
public struct ConfusedPair: Equatable, Hashable, Sendable {
  /// The class of the samples.
  public let actual: Int
  /// The class that they were taken for.
  public let predicted: Int
  /// How many they are.
  public let count: Int

  /// A pair.
  public init(actual: Int, predicted: Int, count: Int) {
    self.actual = actual
    self.predicted = predicted
    self.count = count
  }
}

extension ConfusionMatrix {
  /// The errors by pairs of classes, the most frequent pair first, of equally frequent ones that of the lower classes.
  ///
  /// ```swift
  /// matrix.confusedPairs.prefix(3)  // 4 taken for 9: 31 times, 9 taken for 4: 22 times, ...
  /// ```
  ///
  /// - Returns: Every pair of different classes that occurs.
  /// - Complexity: O(classCount² + p log p) for p such pairs.
  public var confusedPairs: [ConfusedPair] {
    var pairs: [ConfusedPair] = []
    for actual in 0..<classCount where falseNegatives(of: actual) > 0 {
      for predicted in 0..<classCount where predicted != actual {
        let count = self[actual: actual, predicted: predicted]
        if count > 0 { pairs.append(ConfusedPair(actual: actual, predicted: predicted, count: count)) }
      }
    }
    return pairs.sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
  }
}
