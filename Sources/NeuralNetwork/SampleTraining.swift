internal import Matrices
internal import Workers

/// Trains on one sample at a time, as the article does.
final class SampleTraining: TrainingStep {
  let batchCount: Int
  private let step: SampleStep
  private let training: SampleReader
  private let validation: SampleReader?
  private let trainingTargets: Targets
  private let validationTargets: Targets?
  private let target: AlignedBuffer<Double>
  private let outputs: AlignedBuffer<Double>

  /// Whether a network and settings are the article's but for sizes and learning rate.
  static func suits(_ form: NetworkForm, _ settings: TrainingSettings) -> Bool {
    let isConstant =
      switch settings.schedule {
      case .constant, .step: true
      case .cosine, .oneCycle: false
      }
    return form.isArticle && settings.batchSize == 1 && settings.optimizer == .sgd && settings.loss == .article
      && settings.weightDecay == 0 && settings.dropout == 0 && settings.labelSmoothing == 0 && isConstant
  }

  init(
    _ network: NeuralNetwork, training: SampleSource, targets: Targets, validation: SampleSource?,
    validationTargets: Targets?, instructionSet: InstructionSet
  ) {
    // Often enough to be stopped, seldom enough to cost nothing.
    batchCount = max(1, min(1024, (1 << 22) / network.architecture.weightCount))
    step = SampleStep(network, instructionSet: instructionSet)
    self.training = SampleReader(training, instructionSet: instructionSet)
    self.validation = validation.map { SampleReader($0, instructionSet: instructionSet) }
    trainingTargets = targets
    self.validationTargets = validationTargets
    target = AlignedBuffer(count: network.architecture.outputCount)
    outputs = AlignedBuffer(count: network.architecture.outputCount)
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    guard let first = indices.first else { return }
    var sample = training.sample(first)
    step.begin(sample)
    for (place, index) in indices.enumerated() {
      // Behind the last one anything will do: it is begun anew.
      let next = place + 1 < indices.count ? training.sample(indices[place + 1]) : sample
      // Images in random order come from far.
      if place + 3 < indices.count { training.prefetch(indices[place + 3]) }
      trainingTargets.write(index, to: target.pointer)
      step.train(sample, next: next, target: target.pointer, learningRate: learningRate, result: &result)
      sample = next
    }
  }

  func validate() -> Quality? {
    guard let validation, let validationTargets else { return nil }
    var (cost, rightCount) = (0.0, 0)
    for index in 0..<validationTargets.count {
      validationTargets.write(index, to: target.pointer)
      step.predict(validation.sample(index), into: outputs.pointer)
      for output in 0..<outputs.count {
        let error = outputs.pointer[output] - target.pointer[output]
        cost += error * error
      }
      if isRight(outputs.pointer) { rightCount += 1 }
    }
    let count = Double(validationTargets.count)
    return Quality(cost: cost / count, accuracy: Double(rightCount) / count)
  }

  /// Whether the largest output stands where the largest target does.
  private func isRight(_ outputs: UnsafePointer<Double>) -> Bool {
    var (largest, wanted) = (0, 0)
    for output in 1..<max(target.count, 1) {
      if outputs[output] > outputs[largest] { largest = output }
      if target.pointer[output] > target.pointer[wanted] { wanted = output }
    }
    return largest == wanted
  }

  var weights: [Matrix<Double>] { step.weights }
}
