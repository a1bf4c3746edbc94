public import LabelBinarization
internal import Memory
public import Normalization
public import RandomSources
public import Workers

/// Trains a network by gradient descent: as the article does, one sample at a time, or on batches, with any of the
/// optimizers and losses.
///
/// ```swift
/// let trainer = try Trainer(TrainingSettings(
///   epochs: 10, batchSize: 128, learningRate: 0.1, optimizer: .momentum(0.9), loss: .categoricalCrossEntropy,
///   shuffles: true))
/// var source = SplittableRandomSource(seed: 0)
/// let history = try trainer.train(&network, on: training, validation: validation, using: &source) { progress in
///   print(progress.epoch, progress.cost)
///   return .proceed
/// }
/// ```
///
/// The result does not depend on the number of threads. Nor on the instruction set where the training is the article's;
/// otherwise AVX2 and AVX-512 give the same bits, and plain x86-64, which has no fused multiply-add, gives others.
public struct Trainer: Equatable, Sendable {
  /// What the training does.
  public let settings: TrainingSettings

  /// The number of threads that divide the work.
  ///
  /// Fewer threads are used if a batch is little work. The article's training, sample by sample, uses only as many as a wide
  /// first layer keeps busy.
  public let threadCount: Int

  /// How many multiplications of a sample by a weight a thread needs in a batch to gain time by them: for fewer, waiting for
  /// each other takes longer.
  package var leastWorkOfThread = 1 << 15

  /// The instructions that the inner loops use.
  public let instructionSet: InstructionSet

  /// A trainer with the given settings.
  ///
  /// - Parameters:
  ///   - settings: what the training does.
  ///   - threadCount: the threads that share the work; all processors' by default.
  ///   - instructionSet: the instructions that the inner loops use.
  /// - Precondition: there is at least one thread, and the instruction set is available.
  /// - Throws: ``TrainerError`` for settings out of range.
  public init(
    _ settings: TrainingSettings, threadCount: Int = WorkerPool.processorCount,
    instructionSet: InstructionSet = .widest
  ) throws(TrainerError) {
    try settings.validate()
    precondition(threadCount >= 1, "there is at least one thread")
    precondition(instructionSet.isAvailable, "\(instructionSet) is not available on this processor")
    self.settings = settings
    self.threadCount = threadCount
    self.instructionSet = instructionSet
  }

  /// A trainer for the article's training.
  ///
  /// - Throws: ``TrainerError`` for fewer than one epoch, or a learning rate that is not a finite number above 0.
  public init(
    epochs: Int, learningRate: Double, instructionSet: InstructionSet = .widest
  ) throws(TrainerError) {
    try self.init(
      TrainingSettings(epochs: epochs, learningRate: learningRate), instructionSet: instructionSet)
  }

  /// Trains a network.
  ///
  /// - Parameters:
  ///   - network: what is trained. Where the training diverges it has the weights of the last epoch before that led to
  ///     finite costs, or with early stopping those of the best one; where another error is thrown it is left as it was.
  ///   - training: the samples to learn from, at least one, with as many features as the network has inputs.
  ///   - validation: the samples to judge each epoch by; at least one.
  ///   - source: what the samples' orders and dropout are drawn from; nothing is drawn where there is neither.
  ///   - clock: what the epochs' seconds are taken from.
  ///   - progress: called during each epoch, after a batch, or with single samples after 1,024 of them or, for large
  ///     networks, more often, and at its end; its answer says whether to go on.
  /// - Returns: what each epoch that was completed came to.
  /// - Throws: ``TrainerError`` for shapes that do not fit, and where a cost or a weight is not a finite number.
  /// - Complexity: O(epochs * sampleCount * weightCount / threadCount), less what zeros in the samples save. Memory: a
  ///   few times the weights; for each sample of a batch in float32 12 to 32 bytes a unit, and for each thread about 13 a
  ///   feature; and in batches of pixels, for each sample of all a bit a pixel and a byte for each that is not blank.
  @discardableResult
  public func train(
    _ network: inout NeuralNetwork, on training: LabelledSamples, validation: LabelledSamples? = nil,
    using source: inout some RandomSource, clock: some Clock<Duration> = ContinuousClock(),
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws(TrainerError) -> TrainingHistory {
    try check(training, suits: network.form)
    if let validation { try check(validation, suits: network.form) }
    try checkMemory(for: network.form, sampleCount: training.samples.count)
    guard validation != nil || settings.patience == nil else { throw .noValidationSamples }
    let dropoutSource = SplittableRandomSource(seed: settings.dropout > 0 ? source.next() : 0)

    let start = clock.now
    return try train(
      &network, on: training, validation: validation, dropoutSource: dropoutSource,
      shuffled: { source.permutation(training.samples.count) }, elapsed: { start.duration(to: clock.now) },
      progress: progress)
  }

  /// The same without type parameters, so that the training steps are compiled for what they are.
  private func train(
    _ network: inout NeuralNetwork, on training: LabelledSamples, validation: LabelledSamples?,
    dropoutSource: SplittableRandomSource, shuffled: () -> [Int], elapsed: () -> Duration,
    progress: (TrainingProgress) -> TrainingDirective
  ) throws(TrainerError) -> TrainingHistory {
    try training.samples.withMemory { trainingMemory throws(TrainerError) in
      // Where there is no validation part the training samples stand in for the pointers, and are not looked at.
      try (validation ?? training).samples.withMemory { otherMemory throws(TrainerError) in
        let validationMemory = validation == nil ? nil : otherMemory
        func run(_ step: some TrainingStep) throws(TrainerError) -> TrainingHistory {
          var course = TrainingCourse(settings: settings, step: step, sampleCount: training.samples.count)
          defer { network.weights = course.resultingWeights }
          return try course.run(shuffled: shuffled, elapsed: elapsed, progress: progress)
        }
        func runBatches<Scalar: KernelScalar>(_: Scalar.Type) throws(TrainerError) -> TrainingHistory {
          let threadCount = threadCountOfBatches(network.architecture, sampleCount: training.samples.count)
          return try run(
            BatchTraining<Scalar>(
              network, settings: settings, training: trainingMemory, targets: training.targets,
              validation: validationMemory, validationTargets: validation?.targets,
              pool: WorkerPool(threadCount: threadCount), instructionSet: instructionSet, using: dropoutSource))
        }
        if SampleTraining.suits(network.form, settings) {
          let pool = WorkerPool(
            threadCount: SampleStep.threadCount(for: network.architecture, available: threadCount))
          return try run(
            SampleTraining(
              network, training: trainingMemory, targets: training.targets, validation: validationMemory,
              validationTargets: validation?.targets, pool: pool, instructionSet: instructionSet))
        }
        return network.form.precision == .float32 ? try runBatches(Float.self) : try runBatches(Double.self)
      }
    }
  }

  /// The threads that gain time on batches.
  private func threadCountOfBatches(_ architecture: Architecture, sampleCount: Int) -> Int {
    let batchWork = min(settings.batchSize, sampleCount) * architecture.weightCount
    return max(1, min(threadCount, batchWork / max(leastWorkOfThread, 1)))
  }

  /// Trains a network without anything random, as the article does.
  ///
  /// - Throws: ``TrainerError``, as the call for labelled samples.
  @discardableResult
  public func train(
    _ network: inout NeuralNetwork, samples: Samples, targets: Targets,
    clock: some Clock<Duration> = ContinuousClock(),
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws(TrainerError) -> TrainingHistory {
    guard samples.count == targets.count else {
      throw .targetShapeDiffers(
        expected: [samples.count, network.architecture.outputCount], found: [targets.count, targets.outputCount])
    }
    var source = SplittableRandomSource(seed: 0)
    return try train(
      &network, on: LabelledSamples(samples: samples, targets: targets), using: &source, clock: clock,
      progress: progress)
  }

  /// Checks that there is memory for a training and for the model that it gives.
  ///
  /// - Throws: ``TrainerError/memory(_:)``.
  package func checkMemory(for form: NetworkForm, sampleCount: Int) throws(TrainerError) {
    let needed = memoryNeeded(for: form, sampleCount: sampleCount)
    if let error = AvailableMemory.shortage(of: needed) { throw .memory(error) }
  }

  /// Returns an upper bound of the memory that a training needs beside its samples, in bytes.
  private func memoryNeeded(for form: NetworkForm, sampleCount: Int) -> Int {
    let scalarSize = form.precision == .float32 ? 4.0 : 8
    let nodeCounts = form.architecture.nodeCounts.map(Double.init)
    let weightCount = form.weightShapes.reduce(0) { $0 + Double($1.inputs) * Double($1.outputs) }
    // float64: the network, the best weights, the model's file. The training's own: weights, gradients, panels, moments.
    let weights = weightCount * (24 + scalarSize * 5)
    // A batch has activations, deltas and, with dropout, masks. Hidden ReLU layers that follow each other are listed
    // twice, with the elements' weights, in the space of four scalars.
    let isListed = form.activation == .relu && nodeCounts.count > 3
    let batchSize = Double(min(settings.batchSize, sampleCount))
    let units =
      batchSize * nodeCounts.dropFirst().reduce(0, +) * scalarSize
      * ((settings.dropout > 0 ? 3 : 2) + (isListed ? 4 : 0))
    // A packed copy of each sample, its place in the order and its target.
    let samples = Double(sampleCount) * (nodeCounts[0] * 1.125 + 32)
    // A stack, and lists of pixels for a batch.
    let threads = Double(threadCount) * (8e6 + batchSize * nodeCounts[0] * 16)
    return Int(min(weights + units + samples + threads, 1e18))
  }

  private func check(_ data: LabelledSamples, suits form: NetworkForm) throws(TrainerError) {
    guard data.samples.count > 0 else { throw .noSamples }
    guard data.samples.featureCount == form.architecture.inputCount else {
      throw .featureCountDiffers(expected: form.architecture.inputCount, found: data.samples.featureCount)
    }
    guard data.targets.outputCount == form.architecture.outputCount else {
      throw .targetShapeDiffers(
        expected: [data.samples.count, form.architecture.outputCount],
        found: [data.targets.count, data.targets.outputCount])
    }
    guard form.outputActivation == settings.loss.outputActivation else {
      throw .outOfRange(
        "loss", found: settings.loss.rawValue, expected: "one for \(form.outputActivation.rawValue) outputs")
    }
  }
}

/// Samples, and the outputs wanted for them.
public struct LabelledSamples: Sendable {
  /// The samples.
  public let samples: Samples
  /// The outputs wanted, as many as there are samples.
  public let targets: Targets

  /// Samples with their targets.
  ///
  /// - Precondition: there are as many of the one as of the other.
  public init(samples: Samples, targets: Targets) {
    precondition(samples.count == targets.count, "there is a target for each sample")
    self.samples = samples
    self.targets = targets
  }
}
