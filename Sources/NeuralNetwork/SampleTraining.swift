internal import Matrices
internal import Workers

/// Trains on one sample at a time, as the article does.
final class SampleTraining: TrainingStep {
  let batchSize: Int
  private let step: SampleStep
  private let training: SampleReader
  private let validation: SampleReader?
  private let trainingTargets: Targets
  private let validationTargets: Targets?
  private let target: AlignedBuffer<Double>
  /// The sample that the step has begun, if any.
  private var begun: SampleList?

  /// Whether a network and settings are the article's but for sizes and learning rate.
  static func suits(_ form: NetworkForm, _ settings: TrainingSettings) -> Bool {
    let isConstantInEpochs =
      switch settings.schedule {
      case .constant, .step: true
      case .cosine, .oneCycle: false
      }
    return form.isArticle && settings.batchSize == 1 && settings.optimizer == .sgd && settings.loss == .article
      && settings.weightDecay == 0 && settings.dropout == 0 && settings.labelSmoothing == 0 && isConstantInEpochs
  }

  init(
    _ network: NeuralNetwork, training: SampleMemory, targets: Targets, validation: SampleMemory?,
    validationTargets: Targets?, pool: WorkerPool, instructionSet: InstructionSet
  ) {
    // Often enough to be stopped, seldom enough to cost nothing.
    batchSize = max(1, min(1024, (1 << 22) / network.architecture.weightCount))
    step = SampleStep(network, pool: pool, instructionSet: instructionSet)
    self.training = SampleReader(training, instructionSet: instructionSet)
    self.validation = validation.map { SampleReader($0, instructionSet: instructionSet) }
    trainingTargets = targets
    self.validationTargets = validationTargets
    target = AlignedBuffer(count: network.architecture.outputCount)
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    guard let first = indices.first else { return }
    var sample = begun ?? training.sample(first)
    if begun == nil { step.begin(sample) }
    for (place, index) in indices.enumerated() {
      let following = place + 1 < indices.count ? indices[place + 1] : next.first
      // Behind the very last one anything will do.
      let nextSample = following.map { training.sample($0) } ?? sample
      // Images in random order come from far.
      if place + 3 < indices.count { training.prefetch(indices[place + 3]) }
      trainingTargets.write(index, to: target.pointer)
      step.train(sample, next: nextSample, target: target.pointer, learningRate: learningRate, result: &result)
      sample = nextSample
    }
    begun = next.isEmpty ? nil : sample
  }

  func validate() -> Quality? {
    guard let validation, let validationTargets else { return nil }
    begun = nil
    var result = BatchResult()
    for index in 0..<validationTargets.count {
      validationTargets.write(index, to: target.pointer)
      step.judge(validation.sample(index), target: target.pointer, result: &result)
    }
    let count = Double(validationTargets.count)
    return Quality(cost: result.cost / count, accuracy: Double(result.rightCount) / count)
  }

  var weights: [Matrix<Double>] { step.weights }
}
