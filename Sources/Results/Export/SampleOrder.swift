public import Evaluation

/// An order of samples. Where samples are equal in it their indices decide, so that it is the same on every run.
public enum SampleOrder: String, CaseIterable, Sendable {
  /// By their place in the data set.
  case index
  /// The most confident first.
  case confidence
  /// Those with the largest loss first: confident mistakes. What has no loss comes last, the most confident first.
  case loss

  /// The samples in this order.
  ///
  /// - Complexity: O(n log n).
  public func sorted(_ samples: [PredictedSample]) -> [PredictedSample] {
    switch self {
    case .index: samples.sorted { $0.index < $1.index }
    case .confidence: samples.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
    case .loss:
      samples.sorted {
        ($1.loss ?? -.infinity, $1.confidence, $0.index) < ($0.loss ?? -.infinity, $0.confidence, $1.index)
      }
    }
  }
}
