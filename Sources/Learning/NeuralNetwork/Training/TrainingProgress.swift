/// How far a training is, given to its progress callback.
public struct TrainingProgress: Equatable, Sendable {
  /// The epoch under way, counted from 1.
  public let epoch: Int
  /// The number of epochs asked for.
  public let epochCount: Int
  /// The samples trained on in this epoch so far.
  public let samplesDone: Int
  /// The samples of an epoch.
  public let sampleCount: Int
  /// The mean cost over the samples done in this epoch.
  public let cost: Double
  /// The share of the samples done in this epoch that were named right, each before its own update.
  public let accuracy: Double
  /// The quality on the validation samples; only at an epoch's end, where there are any.
  public let validation: CostAndAccuracy?

  /// A report.
  public init(
    epoch: Int, epochCount: Int, samplesDone: Int, sampleCount: Int, cost: Double, accuracy: Double,
    validation: CostAndAccuracy? = nil
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.samplesDone = samplesDone
    self.sampleCount = sampleCount
    self.cost = cost
    self.accuracy = accuracy
    self.validation = validation
  }

  /// Whether the epoch has just been completed.
  public var isEndOfEpoch: Bool { samplesDone == sampleCount }

  /// Whether the last epoch has just been completed.
  public var isEnd: Bool { isEndOfEpoch && epoch == epochCount }
}

/// The progress callback's answer.
public enum TrainingDirective: Sendable {
  /// Go on.
  case proceed
  /// End the training here, and keep the weights as they are; with early stopping, those of the best epoch so far.
  case stop
}
