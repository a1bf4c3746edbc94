/// All that a training does to a network, besides the samples and the random numbers.
///
/// ```swift
/// let settings = TrainingSettings(
///   epochs: 10, batchSize: 128, learningRate: 0.1, optimizer: .momentum(0.9), loss: .categoricalCrossEntropy)
/// ```
///
/// With the defaults it is the article's training.
public struct TrainingSettings: Hashable, Codable, Sendable {
  /// How often all samples are gone through.
  public var epochs: Int
  /// How many samples each update of the weights is computed from; an epoch's last batch holds what is left.
  public var batchSize: Int
  /// What an update is multiplied by; the largest one of a schedule.
  public var learningRate: Double
  /// How the learning rate changes.
  public var schedule: LearningRateSchedule
  /// How a gradient, the mean over its batch, changes the weights.
  public var optimizer: Optimizer
  /// What is made small.
  public var loss: Loss
  /// What each weight times it is added to its gradient, or with ``Optimizer/adamW(beta1:beta2:epsilon:)`` taken from
  /// the weight. The reported costs do not include it.
  public var weightDecay: Double
  /// The share of each hidden layer's units that is left out at random for each sample, from 0 to below 1; the others are
  /// scaled up to make up for it. Nothing is left out in predictions.
  public var dropout: Double
  /// The share of each target that is spread evenly over all classes, from 0 to below 1.
  public var labelSmoothing: Double
  /// Whether each epoch takes the samples in a new random order.
  public var shuffles: Bool
  /// After how many epochs without a new lowest validation cost the training ends, with the weights of the best epoch; nil
  /// for never. Needs validation samples.
  public var patience: Int?

  /// Settings; those not given are the article's.
  public init(
    epochs: Int, batchSize: Int = 1, learningRate: Double, schedule: LearningRateSchedule = .constant,
    optimizer: Optimizer = .sgd, loss: Loss = .article, weightDecay: Double = 0, dropout: Double = 0,
    labelSmoothing: Double = 0, shuffles: Bool = false, patience: Int? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.optimizer = optimizer
    self.loss = loss
    self.weightDecay = weightDecay
    self.dropout = dropout
    self.labelSmoothing = labelSmoothing
    self.shuffles = shuffles
    self.patience = patience
  }

  /// Throws what is wrong with the first setting that is out of range.
  public func validate() throws(TrainerError) {
    func isShare(_ value: Double) -> Bool { value >= 0 && value < 1 }
    guard epochs >= 1 else { throw .epochsNotPositive(found: epochs) }
    guard learningRate.isFinite, learningRate > 0 else { throw .learningRateNotPositive(found: learningRate) }
    guard batchSize >= 1 else { throw .outOfRange("batch size", found: "\(batchSize)", expected: "at least 1") }
    guard schedule.isValid else {
      throw .outOfRange(
        "learning-rate schedule", found: "\(schedule)",
        expected: "at least 1 epoch, a factor above 0, a warm-up share between 0 and 1")
    }
    guard optimizer.isValid else {
      throw .outOfRange(
        "optimizer", found: "\(optimizer)", expected: "momentum and betas from 0 to below 1, epsilon above 0")
    }
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw .outOfRange("weight decay", found: "\(weightDecay)", expected: "a finite number, at least 0")
    }
    guard isShare(dropout) else { throw .outOfRange("dropout", found: "\(dropout)", expected: "from 0 to below 1") }
    guard isShare(labelSmoothing) else {
      throw .outOfRange("label smoothing", found: "\(labelSmoothing)", expected: "from 0 to below 1")
    }
    guard patience ?? 1 >= 1 else {
      throw .outOfRange("patience of early stopping", found: "\(patience ?? 0)", expected: "at least 1 epoch")
    }
  }
}
