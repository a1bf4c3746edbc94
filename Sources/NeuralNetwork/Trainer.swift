public import Matrices

/// Trains a network as the article does: plain gradient descent on one sample at a time, in the order given, the same
/// order in every epoch.
///
/// ```swift
/// let trainer = try Trainer(epochs: 100, learningRate: 0.1)
/// let history = try trainer.train(&network, samples: samples, targets: targets) { progress in
///   print(progress.epoch, progress.cost)
///   return .proceed
/// }
/// ```
///
/// The result does not depend on the instruction set: all give the same bits.
public struct Trainer: Equatable, Sendable {
  /// How often all samples are gone through.
  public let epochs: Int

  /// What the gradient is multiplied by before it is subtracted from the weights.
  public let learningRate: Double

  /// The instructions that the inner loops use; they change the time, not the result.
  public let instructionSet: InstructionSet

  /// A trainer with the given settings.
  ///
  /// - Precondition: the instruction set is available.
  /// - Throws: ``TrainerError`` for fewer than one epoch, or a learning rate that is not a finite number above 0.
  public init(
    epochs: Int, learningRate: Double, instructionSet: InstructionSet = .widest
  ) throws(TrainerError) {
    guard epochs >= 1 else { throw .epochsNotPositive(found: epochs) }
    guard learningRate.isFinite, learningRate > 0 else { throw .learningRateNotPositive(found: learningRate) }
    precondition(instructionSet.isAvailable, "\(instructionSet) is not available on this processor")
    self.epochs = epochs
    self.learningRate = learningRate
    self.instructionSet = instructionSet
  }

  /// Trains a network.
  ///
  /// - Parameters:
  ///   - network: what is trained; left as it was where an error is thrown.
  ///   - samples: normalised, with as many features as the network has inputs; at least one sample.
  ///   - targets: the outputs wanted, `[sampleCount, outputCount]`.
  ///   - clock: what the epochs' seconds are taken from.
  ///   - progress: called during each epoch, every 1,024 samples or, for large networks, more often, and at its end; its
  ///     answer says whether to go on.
  /// - Returns: the cost and time of every epoch that was completed.
  /// - Throws: ``TrainerError`` for shapes that do not fit, and where a cost or a weight is not a finite number.
  /// - Complexity: O(epochs * sampleCount * weightCount), less what zeros in the samples save.
  @discardableResult
  public func train(
    _ network: inout NeuralNetwork, samples: Samples, targets: Matrix<Double>,
    clock: some Clock<Duration> = ContinuousClock(),
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws(TrainerError) -> TrainingHistory {
    try checkShapes(network.architecture, samples: samples, targets: targets)
    let step = SampleStep(network, instructionSet: instructionSet)
    let outputCount = network.architecture.outputCount
    let reportInterval = max(1, min(1024, (1 << 22) / network.architecture.weightCount))
    var history = TrainingHistory()
    try samples.withSamples { samples throws(TrainerError) in
      try targets.withUnsafeElements { targets throws(TrainerError) in
        for epoch in 1...epochs {
          let start = clock.now
          var costSum = 0.0
          for index in 0..<samples.count {
            let target = targets.baseAddress! + index * outputCount
            costSum += step.train(samples[index], target: target, learningRate: learningRate)
            let done = index + 1
            guard done % reportInterval == 0 || done == samples.count else { continue }
            let report = TrainingProgress(
              epoch: epoch, epochCount: epochs, samplesDone: done, sampleCount: samples.count,
              cost: costSum / Double(done))
            guard report.cost.isFinite else { throw .costNotFinite(epoch: epoch, learningRate: learningRate) }
            if report.isEndOfEpoch {
              let duration = start.duration(to: clock.now)
              history.epochs.append(EpochRecord(epoch: epoch, cost: report.cost, duration: duration))
            }
            if progress(report) == .stop, !report.isEnd {
              history.wasStopped = true
              return
            }
          }
        }
      }
    }
    let weights = step.weights
    guard weights.allSatisfy(\.isFinite) else { throw .weightNotFinite(learningRate: learningRate) }
    network.weights = weights
    return history
  }

  /// Trains a network on samples as a matrix, `[sampleCount, inputCount]`; otherwise as
  /// ``train(_:samples:targets:clock:progress:)-(_,Samples,_,_,_)``.
  ///
  /// - Throws: ``TrainerError``, likewise.
  @discardableResult
  public func train(
    _ network: inout NeuralNetwork, samples: Matrix<Double>, targets: Matrix<Double>,
    clock: some Clock<Duration> = ContinuousClock(),
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws(TrainerError) -> TrainingHistory {
    try train(&network, samples: Samples(samples), targets: targets, clock: clock, progress: progress)
  }

  private func checkShapes(
    _ architecture: Architecture, samples: Samples, targets: Matrix<Double>
  ) throws(TrainerError) {
    guard samples.count > 0 else { throw .noSamples }
    guard samples.featureCount == architecture.inputCount else {
      throw .featureCountDiffers(expected: architecture.inputCount, found: samples.featureCount)
    }
    guard targets.rowCount == samples.count, targets.columnCount == architecture.outputCount else {
      throw .targetShapeDiffers(
        expected: [samples.count, architecture.outputCount], found: [targets.rowCount, targets.columnCount])
    }
  }
}
