public import Evaluation

/// Which of a network's samples are looked at, and in which order.
///
/// ```swift
/// let worst = SampleSelection(order: .loss, limit: 20, actual: 4).selected(from: samples)
/// ```
public struct SampleSelection: Equatable, Sendable {
  /// The order.
  public var order: SampleOrder
  /// The most samples, the first ones in the order; all where nil.
  public var limit: Int?
  /// Only samples of this class; of all where nil.
  public var actual: Int?
  /// Only samples that were taken for this class; for any where nil.
  public var predicted: Int?
  /// Whether samples that were predicted rightly count too.
  public var includesCorrect: Bool

  /// A selection; of all errors by default.
  ///
  /// - Precondition: `limit` is not negative.
  public init(
    order: SampleOrder = .index, limit: Int? = nil, actual: Int? = nil, predicted: Int? = nil,
    includesCorrect: Bool = false
  ) {
    precondition(limit ?? 0 >= 0, "a limit is not negative")
    self.order = order
    self.limit = limit
    self.actual = actual
    self.predicted = predicted
    self.includesCorrect = includesCorrect
  }

  /// Whether a sample is one of those that are meant, the limit aside.
  public func includes(_ sample: PredictedSample) -> Bool {
    (includesCorrect || sample.isError) && actual ?? sample.actual == sample.actual
      && predicted ?? sample.predicted == sample.predicted
  }

  /// The samples that are meant, in order.
  ///
  /// - Complexity: O(n log n).
  public func selected(from samples: [PredictedSample]) -> [PredictedSample] {
    let included = order.sorted(samples.filter(includes))
    return Array(included.prefix(limit ?? included.count))
  }
}
