internal import Matrices
internal import RandomSources
internal import Workers

/// Trains on batches of samples with all workers.
///
/// With `a` the activations of a layer (for the first one the samples), `W` the weights out of it and `t` the targets,
/// matrices of a row a sample, one step is:
///
///     forward    z = a · W,  a[next] = activation(z)
///     output     delta = gradient of the loss by z, over the number of samples
///     backward   delta = (delta[next] · Wᵀ) * slope(a)   with the weights of before the update
///     update     W changed by the optimizer with the gradient aᵀ · delta[next]
///
/// Each line is divided among the workers by samples or by units, never in the midst of a sum, so that the weights do not
/// depend on the number of threads.
final class BatchTraining<Scalar: KernelScalar>: TrainingStep {
  let batchSize: Int
  private let form: NetworkForm
  private let settings: TrainingSettings
  private let pool: WorkerPool
  private let kernels: BatchKernels<Scalar>
  private let layers: [WeightPanels<Scalar>]
  private let forward: BatchForward<Scalar>
  private let backward: BatchBackward<Scalar>
  private let update: BatchUpdate<Scalar>
  private let targets: Targets
  private var targetRows: RowsPointer<Scalar>
  private var nextTargetRows: RowsPointer<Scalar>
  /// Whether the next batch is loaded already.
  private var isLoaded = false
  private let costs: UnsafeMutablePointer<Double>
  private let right: UnsafeMutablePointer<UInt8>
  private let workspace = Workspace()
  private let validation: (evaluation: BatchEvaluation<Scalar>, targets: Targets)?
  /// Where dropout's keys come from.
  private var source: SplittableRandomSource
  private var stepCount = 0

  init(
    _ network: NeuralNetwork, settings: TrainingSettings, training: SampleMemory, targets: Targets,
    validation: SampleMemory?, validationTargets: Targets?, pool: WorkerPool, instructionSet: InstructionSet,
    using source: SplittableRandomSource
  ) {
    form = network.form
    self.settings = settings
    self.pool = pool
    self.targets = targets
    self.source = source
    batchSize = min(settings.batchSize, training.count)
    kernels = BatchKernels(available: instructionSet)
    let workspace = workspace
    layers = network.weights.map { WeightPanels($0, in: workspace) }
    forward = BatchForward(
      form, weights: layers, memory: training, capacity: batchSize, loadsAhead: batchSize < training.count,
      kernels: kernels)
    backward = BatchBackward(forward, activation: form.activation, dropout: settings.dropout, pool: pool)
    update = BatchUpdate(
      forward, deltas: backward.deltas, memory: training, optimizer: settings.optimizer, pool: pool)
    let width = layers[layers.count - 1].paddedOutputCount
    targetRows = workspace.allocateRows(count: batchSize, columnCount: width)
    nextTargetRows = workspace.allocateRows(count: batchSize, columnCount: width)
    costs = workspace.allocate(count: batchSize)
    right = workspace.allocate(count: batchSize)
    if let validation, let validationTargets {
      let evaluation = BatchEvaluation(form, weights: layers, memory: validation, pool: pool, kernels: kernels)
      self.validation = (evaluation, validationTargets)
    } else {
      self.validation = nil
    }
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    stepCount += 1
    let count = indices.count
    let last = layers.count - 1
    let keys = settings.dropout > 0 ? layers.map { _ in source.next() } : []

    if !isLoaded { pool.run { load(indices, worker: $0) } }
    advance()
    for layer in 0..<last {
      list(layer: layer, of: count)
      pool.run { worker in
        // Images in random order come from far; by the time they are loaded they are near.
        if layer == 0 { prefetch(next, worker: worker) }
        for (panels, places) in shares(of: layers[layer].panelCount, by: count, for: worker) {
          forward.run(layer: layer, places: places, panels: panels)
          if settings.dropout > 0 { backward.drop(layer: layer, places: places, panels: panels, key: keys[layer]) }
        }
      }
    }
    list(layer: last, of: count)
    pool.run { worker in
      let places = pool.share(of: count, for: worker)
      forward.run(layer: last, places: places, panels: 0..<layers[last].panelCount)
      finish(places, of: count)
    }
    for layer in stride(from: last, to: 0, by: -1) {
      if backward.isListed(layer: layer) {
        pool.run { worker in backward.list(layer: layer, places: pool.share(of: count, for: worker)) }
      }
      pool.run { worker in
        for (panels, places) in shares(of: layers[layer - 1].panelCount, by: count, for: worker) {
          backward.run(layer: layer, places: places, panels: panels, worker: worker)
        }
      }
    }
    let rule = rule(learningRate: learningRate)
    pool.run { worker in
      for layer in layers.indices {
        for (panels, rows) in shares(of: layers[layer].panelCount, by: layers[layer].inputCount, for: worker) {
          update.run(layer: layer, rows: rows, panels: panels, sampleCount: count, rule, worker: worker)
        }
      }
      load(next, worker: worker)
    }
    isLoaded = !next.isEmpty

    // Added up in the samples' order, whoever computed them.
    for place in 0..<count {
      result.cost += costs[place]
      result.rightCount += Int(right[place])
    }
  }

  func validate() -> Quality? {
    validation.map {
      $0.evaluation.quality(settings.loss, targets: $0.targets, smoothing: settings.labelSmoothing)
    }
  }

  var weights: [Matrix<Double>] { layers.map(\.matrix) }

  /// Lists what is not 0 in a layer's input, for the forward pass and for the gradient, where that is listed.
  private func list(layer: Int, of count: Int) {
    guard forward.isListed(layer: layer) else { return }
    pool.run { worker in
      forward.list(layer: layer, places: pool.share(of: count, for: worker))
      update.list(layer: layer, sampleCount: count, worker: worker)
    }
  }

  /// A worker's share of preparing the next batch.
  private func load(_ indices: UnsafeBufferPointer<Int>, worker: Int) {
    let (input, rows) = (forward.nextInput, nextTargetRows)
    let places = pool.share(of: indices.count, for: worker)
    input.load(UnsafeBufferPointer(rebasing: indices[places]), at: places.lowerBound)
    for place in places { targets.write(indices[place], to: rows.from(row: place).start) }
    if !indices.isEmpty { update.load(indices, worker: worker) }
  }

  private func prefetch(_ indices: UnsafeBufferPointer<Int>, worker: Int) {
    let input = forward.nextInput
    for place in pool.share(of: indices.count, for: worker) { input.prefetch(indices[place]) }
  }

  /// Makes the next batch the one under way.
  private func advance() {
    forward.advance()
    update.advance()
    swap(&targetRows, &nextTargetRows)
  }

  /// Outputs, costs and output deltas for some places of a batch of `count`.
  private func finish(_ places: Range<Int>, of count: Int) {
    let last = layers.count - 1
    kernels.finish(
      settings.loss.kernel, sums: forward.results[last].from(row: places.lowerBound),
      targets: targetRows.from(row: places.lowerBound),
      deltas: backward.deltas[last].from(row: places.lowerBound), scale: 1 / Double(count),
      smoothing: settings.labelSmoothing, rowCount: places.count, outputCount: layers[last].outputCount,
      costs: costs + places.lowerBound, right: right + places.lowerBound)
  }

  /// A worker's share of a layer: whole panels where they can be shared out evenly, as panels keep to a core's cache;
  /// otherwise of each panel some rows.
  private func shares(of panelCount: Int, by rowCount: Int, for worker: Int) -> [(panels: Range<Int>, rows: Range<Int>)]
  {
    if panelCount.isMultiple(of: pool.threadCount) || panelCount >= 4 * pool.threadCount {
      return [(pool.share(of: panelCount, for: worker), 0..<rowCount)]
    }
    return [(0..<panelCount, pool.share(of: rowCount, for: worker))]
  }

  private func rule(learningRate: Double) -> KernelUpdate {
    func correction(_ beta: Double) -> Double { 1 - power(beta, stepCount) }
    let rule: KernelUpdate.Rule =
      switch settings.optimizer {
      case .sgd: .sgd
      case .momentum(let momentum): .momentum(momentum)
      case .nesterov(let momentum): .nesterov(momentum)
      case .adam(let beta1, let beta2, let epsilon):
        .adam(
          beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: correction(beta1), correction2: correction(beta2))
      case .adamW(let beta1, let beta2, let epsilon):
        .adamW(
          beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: correction(beta1), correction2: correction(beta2))
      }
    return KernelUpdate(rule, rate: learningRate, decay: settings.weightDecay)
  }

  /// base^exponent by squaring: the same bits on every system, unlike the C library's.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
