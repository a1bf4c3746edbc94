/// The mean cost over samples, and the share of them whose largest output is the wanted one.
public struct CostAndAccuracy: Equatable, Sendable {
  /// The mean over the samples of their cost, which ``Loss`` defines; without weight decay.
  public let cost: Double
  /// The share of samples whose largest output stands where their largest target does, 0 to 1.
  public let accuracy: Double

  /// A cost and an accuracy.
  public init(cost: Double, accuracy: Double) {
    self.cost = cost
    self.accuracy = accuracy
  }
}

/// One completed epoch.
public struct EpochRecord: Equatable, Sendable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// On the training samples, each taken before its own update: the network as it was meanwhile, with dropout.
  public let training: CostAndAccuracy
  /// On the validation samples, after the epoch; nil where there are none.
  public let validation: CostAndAccuracy?
  /// The learning rate of the epoch's first update.
  public let learningRate: Double
  /// The time that the epoch's training took, from drawing the samples' order to the last update; validation comes after it.
  public let duration: Duration

  /// A record of an epoch.
  public init(
    epoch: Int, training: CostAndAccuracy, validation: CostAndAccuracy?, learningRate: Double, duration: Duration
  ) {
    self.epoch = epoch
    self.training = training
    self.validation = validation
    self.learningRate = learningRate
    self.duration = duration
  }

  /// The training cost.
  public var cost: Double { training.cost }

  /// The duration in seconds.
  public var seconds: Double { duration / .seconds(1) }
}

/// What a training went through.
public struct TrainingHistory: Equatable, Sendable {
  /// Why a training ended.
  public enum End: String, CaseIterable, Codable, Sendable {
    /// All epochs were completed.
    case completed
    /// The progress callback ended it.
    case stopped
    /// The validation cost had not fallen for as many epochs as the settings allow.
    case stoppedEarly
    /// A cost or a weight was no longer a finite number; the weights are those of an epoch before.
    case diverged
  }

  /// The completed epochs, first to last.
  public internal(set) var epochs: [EpochRecord] = []

  /// Why the training ended.
  public internal(set) var end = End.completed

  /// The epoch that the weights are from where that is not the last one, or where early stopping kept the best one of a training
  /// that was stopped: that one, or the last good one before costs or weights were no longer finite (0 for the weights before
  /// the training).
  public internal(set) var weightsEpoch: Int?

  /// The history of a training that has not begun.
  public init() {}

  /// Whether the progress callback ended the training before its last epoch was completed.
  public var wasStopped: Bool { end == .stopped }
}
