internal import Matrices

/// The course of a training: epochs of batches, the learning rate, validation, early stopping, and which weights are kept.
///
/// Generic, and with closures for random source and clock, so that it is compiled for each way to train and each precision:
/// calls that only become concrete at run time would cost as much as the kernels.
struct TrainingCourse<Step: TrainingStep> {
  private let settings: TrainingSettings
  private let step: Step
  private let sampleCount: Int
  private var history = TrainingHistory()
  /// The weights of the epoch with the lowest validation cost, and that cost.
  private var best: (weights: [Matrix<Double>], cost: Double, epoch: Int)?
  /// The weights that the training leaves behind: those after the last epoch that ended in finite numbers, until it ends.
  private(set) var resultingWeights: [Matrix<Double>]
  /// Those of the epoch before, until a cost has shown that the resulting ones lead to finite outputs: an epoch's costs are
  /// measured before each of its updates, so that they say nothing of the last one.
  private var weightsBefore: [Matrix<Double>]?

  init(settings: TrainingSettings, step: Step, sampleCount: Int) {
    self.settings = settings
    self.step = step
    self.sampleCount = sampleCount
    resultingWeights = step.weights
  }

  /// - Parameters:
  ///   - shuffled: a new random order of the samples.
  ///   - elapsed: the time since some moment before.
  ///   - progress: called after each batch.
  mutating func run(
    shuffled: () -> [Int], elapsed: () -> Duration, progress: (TrainingProgress) -> TrainingDirective
  ) throws(TrainerError) -> TrainingHistory {
    var order = Array(0..<sampleCount)
    for epoch in 1...settings.epochs {
      let start = elapsed()
      if settings.shuffles { order = shuffled() }
      guard let training = try self.epoch(epoch, order, progress) else {
        history.end = .stopped
        let weights = step.weights
        guard weights.allSatisfy(\.isFinite), leadToFiniteCosts(weights) else { throw diverged(epoch) }
        resultingWeights = weights
        keepBest()
        return history
      }
      let duration = elapsed() - start
      let validation = step.validate()
      // Huge weights can be finite and lead to sums that are not.
      guard validation?.cost.isFinite ?? true else { throw diverged(epoch) }
      try keepWeights(of: epoch, areVerified: validation != nil)
      history.epochs.append(
        EpochRecord(
          epoch: epoch, training: training, validation: validation,
          learningRate: learningRate(epoch: epoch, batch: 0), duration: duration))
      let report = self.report(epoch, samplesDone: sampleCount, training, history.epochs.last?.validation)
      let hasStalled = hasStalled(after: epoch, validation)
      if progress(report) == .stop, epoch < settings.epochs {
        history.end = .stopped
        break
      }
      if hasStalled {
        history.end = .stoppedEarly
        break
      }
    }
    keepBest()
    return history
  }

  /// Whether the weights reached, which are finite numbers, lead to finite costs. Only huge ones are tried on the training samples.
  private func leadToFiniteCosts(_ weights: [Matrix<Double>]) -> Bool {
    // What a unit can come to at most, by inputs of up to 1,000; its square is still a float32.
    let largestSum = weights.reduce(1e3) { $0 * max(1, Double($1.rowCount) * $1.largestMagnitude) }
    return largestSum < 1e15 || step.trainingCost().isFinite
  }

  /// Where the best epoch is looked for, its weights are what the training leaves behind.
  private mutating func keepBest() {
    guard let best else { return }
    resultingWeights = best.weights
    let isFromTheEnd = [.completed, .stoppedEarly].contains(history.end) && best.epoch == history.epochs.count
    history.weightsEpoch = isFromTheEnd ? nil : best.epoch
  }

  /// One epoch; nil where the callback ended it.
  private mutating func epoch(
    _ epoch: Int, _ order: [Int], _ progress: (TrainingProgress) -> TrainingDirective
  ) throws(TrainerError) -> CostAndAccuracy? {
    var total = BatchResult()
    var outcome: Result<Bool, TrainerError>?
    order.withUnsafeBufferPointer { order in
      step.runEpoch {
        outcome = Result { () throws(TrainerError) in try trainBatches(epoch, order, total: &total, progress) }
      }
    }
    guard let wasStopped = try outcome?.get() else { preconditionFailure("an epoch was not run") }
    if wasStopped { return nil }
    return total.costAndAccuracy(of: sampleCount)
  }

  /// Whether the callback ended the epoch.
  private mutating func trainBatches(
    _ epoch: Int, _ order: UnsafeBufferPointer<Int>, total: inout BatchResult,
    _ progress: (TrainingProgress) -> TrainingDirective
  ) throws(TrainerError) -> Bool {
    for (batch, first) in stride(from: 0, to: sampleCount, by: step.batchSize).enumerated() {
      let end = min(first + step.batchSize, sampleCount)
      let nextEnd = min(end + step.batchSize, sampleCount)
      step.train(
        UnsafeBufferPointer(rebasing: order[first..<end]), next: UnsafeBufferPointer(rebasing: order[end..<nextEnd]),
        learningRate: learningRate(epoch: epoch, batch: batch), result: &total)
      guard total.cost.isFinite else { throw diverged(epoch) }
      weightsBefore = nil
      if end < sampleCount, progress(report(epoch, samplesDone: end, total.costAndAccuracy(of: end), nil)) == .stop {
        return true
      }
    }
    return false
  }

  private func learningRate(epoch: Int, batch: Int) -> Double {
    let batchCount = (sampleCount + step.batchSize - 1) / step.batchSize
    return settings.learningRate
      * settings.schedule.factor(
        update: (epoch - 1) * batchCount + batch, updatesPerEpoch: batchCount, epochs: settings.epochs)
  }

  private func report(_ epoch: Int, samplesDone: Int, _ training: CostAndAccuracy, _ validation: CostAndAccuracy?)
    -> TrainingProgress
  {
    TrainingProgress(
      epoch: epoch, epochCount: settings.epochs, samplesDone: samplesDone, sampleCount: sampleCount,
      cost: training.cost, accuracy: training.accuracy, validation: validation)
  }

  /// Keeps an epoch's weights, if they are finite numbers; those of the last one, after whose last update nothing has shown what
  /// they lead to, only if that is finite too.
  private mutating func keepWeights(of epoch: Int, areVerified: Bool) throws(TrainerError) {
    let weights = step.weights
    guard weights.allSatisfy(\.isFinite), areVerified || epoch < settings.epochs || leadToFiniteCosts(weights) else {
      throw diverged(epoch)
    }
    weightsBefore = areVerified ? nil : resultingWeights
    resultingWeights = weights
  }

  private mutating func diverged(_ epoch: Int) -> TrainerError {
    history.end = .diverged
    history.weightsEpoch = epoch - 1
    if let weightsBefore {
      history.weightsEpoch = epoch - 2
      resultingWeights = weightsBefore
    }
    keepBest()
    return .diverged(epoch: epoch, learningRate: settings.learningRate, history: history)
  }

  /// Remembers the best epoch, and tells whether it is as long ago as early stopping allows.
  private mutating func hasStalled(after epoch: Int, _ validation: CostAndAccuracy?) -> Bool {
    guard let patience = settings.patience, let validation else { return false }
    if best == nil || validation.cost < best?.cost ?? .infinity {
      best = (resultingWeights, validation.cost, epoch)
    }
    return epoch - (best?.epoch ?? epoch) >= patience && epoch < settings.epochs
  }
}
