public import Evaluation

/// Which of a network's samples are looked at, and in which order.
///
/// ```swift
/// let worst = SampleSelection(order: .loss, limit: 20, actual: 4).selected(from: samples)
/// ```
public struct SampleSelection: Equatable, Sendable, Encodable {
  /// The order.
  public var order: SampleOrder
  /// The most samples, the first ones in the order; all if nil.
  public var limit: Int?
  /// Only samples of this class; of all if nil.
  public var actual: Int?
  /// Only samples that were taken for this class; for any if nil.
  public var predicted: Int?
  /// Whether samples that were predicted correctly count too.
  public var includesCorrect: Bool

  private enum CodingKeys: String, CodingKey {
    case order = "sort"
    case limit, actual, predicted
    case includesCorrect = "all"
  }

  /// Creates a selection; of all errors by default.
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

  /// Returns whether a sample is one of those that are meant, the limit aside.
  public func includes(_ sample: PredictedSample) -> Bool {
    (includesCorrect || sample.isError) && actual ?? sample.actual == sample.actual
      && predicted ?? sample.predicted == sample.predicted
  }

  /// Returns the samples that are meant, in order.
  ///
  /// - Complexity: O(n log n).
  public func selected(from samples: [PredictedSample]) -> [PredictedSample] {
    let included = order.sorted(samples.filter(includes))
    return Array(included.prefix(limit ?? included.count))
  }
}

/// An order of samples. Where samples are equal in it their indices decide, so that it is the same on every run.
public enum SampleOrder: String, CaseIterable, Sendable, Encodable {
  /// By their place in the data set.
  case index
  /// The most confident first.
  case confidence
  /// The worst first: a missing loss, then the largest.
  case loss

  /// Returns the samples in this order.
  ///
  /// - Complexity: O(n log n).
  public func sorted(_ samples: [PredictedSample]) -> [PredictedSample] {
    switch self {
    case .index: samples.sorted { $0.index < $1.index }
    case .confidence: samples.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
    case .loss: samples.sorted { $0.isWorse(than: $1) }
    }
  }
}
