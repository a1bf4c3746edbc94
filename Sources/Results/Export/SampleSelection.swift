public import Evaluation

/// A rule that selects predicted samples and sorts them.
///
/// ```swift
/// let worst = SampleSelection(order: .loss, limit: 20, actual: 4).selected(from: samples)
/// ```
public struct SampleSelection: Equatable, Sendable, Encodable {
  /// The order of the selected samples.
  public var order: SampleOrder
  /// The maximum number of samples, counted from the start of the order; no limit if nil.
  public var limit: Int?
  /// The actual class of the samples; any class if nil.
  public var actual: Int?
  /// The predicted class of the samples; any class if nil.
  public var predicted: Int?
  /// Whether correctly predicted samples are selected too.
  public var includesCorrect: Bool

  private enum CodingKeys: String, CodingKey {
    case order = "sort"
    case limit, actual, predicted
    case includesCorrect = "all"
  }

  /// Creates a selection, by default of all errors in the order of the data set.
  ///
  /// - Precondition: `limit` is not negative.
  public init(
    order: SampleOrder = .index, limit: Int? = nil, actual: Int? = nil, predicted: Int? = nil,
    includesCorrect: Bool = false
  ) {
    precondition(limit ?? 0 >= 0, "the limit must not be negative")
    self.order = order
    self.limit = limit
    self.actual = actual
    self.predicted = predicted
    self.includesCorrect = includesCorrect
  }

  /// Returns whether a sample meets the conditions of the selection. The limit is ignored.
  public func includes(_ sample: PredictedSample) -> Bool {
    (includesCorrect || sample.isError) && actual ?? sample.actual == sample.actual
      && predicted ?? sample.predicted == sample.predicted
  }

  /// Returns the selected samples in order.
  ///
  /// - Complexity: O(n log n) for n samples.
  public func selected(from samples: [PredictedSample]) -> [PredictedSample] {
    let included = order.sorted(samples.filter(includes))
    return Array(included.prefix(limit ?? included.count))
  }
}

/// An order of samples. The index breaks ties, so that the order is the same in every run.
public enum SampleOrder: String, CaseIterable, Sendable, Encodable {
  /// The order of the data set.
  case index
  /// The descending order of the confidence.
  case confidence
  /// The worst samples first. Samples without a loss come first, then all others in descending order of the loss.
  case loss

  /// Returns the samples in this order.
  ///
  /// - Complexity: O(n log n) for n samples.
  public func sorted(_ samples: [PredictedSample]) -> [PredictedSample] {
    switch self {
    case .index: samples.sorted { $0.index < $1.index }
    case .confidence: samples.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
    case .loss: samples.sorted { $0.isWorse(than: $1) }
    }
  }
}
