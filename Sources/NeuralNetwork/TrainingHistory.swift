/// One completed epoch.
public struct EpochRecord: Equatable, Sendable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The mean over the samples of the sum of squared output errors, each taken before the sample's own update.
  public let cost: Double
  /// The time that the epoch's training took.
  public let duration: Duration

  /// A record of an epoch.
  public init(epoch: Int, cost: Double, duration: Duration) {
    self.epoch = epoch
    self.cost = cost
    self.duration = duration
  }

  /// The duration in seconds.
  public var seconds: Double { duration / .seconds(1) }
}

/// What a training went through.
public struct TrainingHistory: Equatable, Sendable {
  /// The completed epochs, first to last.
  public internal(set) var epochs: [EpochRecord] = []

  /// Whether the progress callback ended the training before its last epoch was completed.
  public internal(set) var wasStopped = false
}
