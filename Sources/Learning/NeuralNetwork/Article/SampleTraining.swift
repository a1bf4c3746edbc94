internal import LabelBinarization
internal import Matrices
internal import Normalization
internal import Workers

/// Trains on one sample at a time, as the article does.
final class SampleTraining: TrainingStep {
  let batchSize: Int
  private let step: SampleStep
  private let pool: WorkerPool
  private let workers: [Worker]
  private let validation: SampleReader?
  private let trainingTargets: Targets
  private let validationTargets: Targets?

  /// A worker's way to the samples.
  private final class Worker {
    let reader: SampleReader
    /// `[outputCount]`
    let target: UnsafeMutablePointer<Double>
    /// The sample that the step has begun, if any.
    var begun: SampleList?
    /// Whether an odd number of samples have been trained on.
    var isOdd = false
    private let workspace = Workspace()

    init(_ reader: SampleReader, outputCount: Int) {
      self.reader = reader
      target = workspace.allocate(count: outputCount)
    }
  }

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
    self.pool = pool
    // Workers wait for each other: each needs a thread.
    let workerCount = pool.hasAllThreads ? pool.threadCount : 1
    step = SampleStep(network, workerCount: workerCount, instructionSet: instructionSet)
    workers = (0..<workerCount).map { _ in
      Worker(
        SampleReader(training, instructionSet: instructionSet), outputCount: network.architecture.outputCount)
    }
    self.validation = validation.map { SampleReader($0, instructionSet: instructionSet) }
    trainingTargets = targets
    self.validationTargets = validationTargets
  }

  func runEpoch(_ body: () -> Void) {
    body()
    // One that was ended before its time has begun a sample that nobody asks for.
    for worker in workers { worker.begun = nil }
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    guard workers.count > 1 else {
      return train(indices, next: next, learningRate: learningRate, worker: 0, result: &result)
    }
    let before = result
    var after = result
    pool.run { worker in
      // All come to the same result.
      var own = before
      train(indices, next: next, learningRate: learningRate, worker: worker, result: &own)
      if worker == 0 { after = own }
    }
    result = after
  }

  private func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double, worker number: Int,
    result: inout BatchResult
  ) {
    guard let first = indices.first else { return }
    let worker = workers[number]
    let reader = worker.reader
    var sample = worker.begun ?? reader.sample(first)
    if worker.begun == nil { step.begin(sample, worker: number) }
    for (place, index) in indices.enumerated() {
      worker.isOdd.toggle()
      sample = step.train(
        sample, target: worker.target, learningRate: learningRate, isOdd: worker.isOdd, worker: number, result: &result
      ) {
        trainingTargets.write(index, to: worker.target)
        func later(by places: Int) -> Int? {
          let place = place + places
          if place < indices.count { return indices[place] }
          return place - indices.count < next.count ? next[place - indices.count] : nil
        }
        // Images in random order come from far.
        if let index = later(by: 3) { reader.prefetch(index) }
        // Behind the very last one anything will do.
        return later(by: 1).map { reader.sample($0) } ?? sample
      }
    }
    worker.begun = next.isEmpty ? nil : sample
  }

  func validate() -> CostAndAccuracy? {
    guard let validation, let validationTargets else { return nil }
    return costAndAccuracy(validation, validationTargets)
  }

  func trainingCost() -> Double { costAndAccuracy(workers[0].reader, trainingTargets).cost }

  private func costAndAccuracy(_ reader: SampleReader, _ targets: Targets) -> CostAndAccuracy {
    let target = workers[0].target
    var result = BatchResult()
    for index in 0..<targets.count {
      targets.write(index, to: target)
      step.judge(reader.sample(index), target: target, result: &result)
    }
    return result.costAndAccuracy(of: targets.count)
  }

  var weights: [Matrix<Double>] { step.weights }
}

/// Predictions of the article's networks: the same sums, in the same order, as in their training.
enum SamplePrediction {
  /// The outputs for all samples, `[sampleCount, outputCount]`.
  static func outputs(
    of network: NeuralNetwork, for memory: SampleMemory, _ pool: WorkerPool, _ instructionSet: InstructionSet
  ) -> Matrix<Double> {
    let outputCount = network.architecture.outputCount
    let common = SampleStep(network, instructionSet: instructionSet)
    let workers = (0..<pool.threadCount).map { _ in
      (step: SampleStep(predictingWith: common), reader: SampleReader(memory, instructionSet: instructionSet))
    }
    var outputs = Matrix<Double>(rowCount: memory.count, columnCount: outputCount)
    outputs.withUnsafeMutableElements { elements in
      pool.run { worker in
        let (step, reader) = workers[worker]
        for index in pool.share(of: memory.count, for: worker) {
          step.predict(reader.sample(index), into: elements.baseAddress! + index * outputCount)
        }
      }
    }
    return outputs
  }
}
