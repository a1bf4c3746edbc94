internal import LabelBinarization
internal import Matrices
internal import Normalization
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
/// Layers of weights whose inputs are listed do the last two in one.
///
/// Each line is divided among the workers by samples or by units, so that the weights do not depend on the number of threads.
/// Where a layer is divided by units, its worker keeps to them: it lists the samples itself, adds its units' part to the
/// outputs, and updates the weights out of them, and those into the first layer's, as what another core has written is far
/// away. Weights between listed layers are read by the units that they lead to, and changed by those that they come from. A
/// sum over parts goes from panel to panel, whoever computed them. Who waits for others prepares the next batch meanwhile.
final class BatchTraining<Scalar: KernelScalar>: TrainingStep {
  let batchSize: Int
  private let settings: TrainingSettings
  private let pool: WorkerPool
  private let layers: [WeightPanels<Scalar>]
  private let forward: BatchForward<Scalar>
  private let backward: BatchBackward<Scalar>
  private let update: BatchUpdate<Scalar>
  private let outputs: BatchOutputs<Scalar>
  /// A worker's way to the samples.
  private let loaders: [BatchLoader<Scalar>]
  /// Whether the workers read samples that others have loaded.
  private let sharesInput: Bool
  private let workspace = Workspace()
  private let validation: BatchValidation<Scalar>?
  /// The training samples, to judge the network by: made when that is asked for.
  private let trainingPart: () -> BatchValidation<Scalar>?
  /// Where dropout's keys come from.
  private var source: SplittableRandomSource
  private var stepCount = 0

  init(
    _ network: NeuralNetwork, settings: TrainingSettings, training: SampleMemory, targets: Targets,
    validation: SampleMemory?, validationTargets: Targets?, pool: WorkerPool, instructionSet: InstructionSet,
    using source: SplittableRandomSource
  ) {
    let (form, capacity) = (network.form, min(settings.batchSize, training.count))
    let kernels = BatchKernels<Scalar>(available: instructionSet)
    (self.settings, self.pool, self.source, batchSize) = (settings, pool, source, capacity)
    let workspace = workspace
    layers = network.weights.map { WeightPanels($0, in: workspace) }
    forward = BatchForward(form, weights: layers, capacity: capacity, kernels: kernels)
    backward = BatchBackward(forward, activation: form.activation, dropout: settings.dropout, pool: pool)
    update = BatchUpdate(forward, deltas: backward.deltas, optimizer: settings.optimizer, pool: pool)
    outputs = BatchOutputs(
      forward, deltas: backward.deltas[layers.count - 1], targets: targets, settings: settings)
    self.validation = BatchValidation(
      form, weights: layers, validation, targets: validationTargets, settings: settings, pool: pool, kernels: kernels)
    trainingPart = { [layers] in
      BatchValidation(
        form, weights: layers, training, targets: targets, settings: settings, pool: pool, kernels: kernels)
    }
    let panelCount = layers[0].panelCount
    let packed = BatchInput<Scalar>.blank(of: training, capacity: capacity).map {
      PackedSamples(training, blank: $0, kernels: kernels, pool: pool, in: workspace)
    }
    func inputs() -> (BatchInput<Scalar>, BatchInput<Scalar>) {
      BatchInput.pair(training, capacity: capacity, kernels: kernels, in: workspace)
    }
    let common = inputs()
    let sharesInput = !common.0.isSparse
    self.sharesInput = sharesInput
    loaders = (0..<pool.threadCount).map { worker in
      let (input, nextInput) = sharesInput || worker == 0 ? common : inputs()
      let needsAll = !sharesInput && pool.sharesPanels(of: panelCount)
      return BatchLoader(
        training, packed: packed, input: input, nextInput: nextInput, kernels: kernels,
        share: needsAll ? WorkerShare(number: 0, of: 1) : WorkerShare(number: worker, of: pool.threadCount))
    }
  }

  func runEpoch(_ body: () -> Void) {
    pool.run(alongside: help, body)
    for loader in loaders { loader.forgetNext() }
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    stepCount += 1
    let count = indices.count
    let keys = settings.dropout > 0 ? layers.map { _ in source.next() } : []

    if sharesInput { pool.run { loaders[$0].complete(indices) } }
    runForward(indices, next: next, keys: keys)
    runBackward(
      count,
      settings.optimizer.update(learningRate: learningRate, weightDecay: settings.weightDecay, step: stepCount))
    outputs.add(to: &result, sampleCount: count)
  }

  /// From the samples to the outputs' deltas.
  private func runForward(_ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, keys: [UInt64]) {
    let (count, last) = (indices.count, layers.count - 1)
    for layer in 0..<last {
      list(layer: layer, of: count)
      pool.run { worker in
        let loader = loaders[worker]
        if layer == 0 { loader.advance(to: indices, next: next) }
        let (panels, places) = pool.share(of: layers[layer].panelCount, by: count, for: worker)
        // Panel after panel, as they keep to a core's cache.
        for panel in panels.parts(size: 1) {
          forward.run(layer: layer, places: places, panels: panel, input: layer == 0 ? loader.input : nil)
          if settings.dropout > 0 { backward.drop(layer: layer, places: places, panels: panel, key: keys[layer]) }
          if layer == last - 1 { forward.addToOutputs(places: places, panels: panel) }
        }
      }
    }
    pool.run { worker in
      let places = pool.share(of: count, for: worker)
      if last > 0 {
        forward.sumOutputs(places: places)
      } else {
        loaders[worker].advance(to: indices, next: next)
        forward.run(layer: 0, places: places, panels: 0..<layers[0].panelCount, input: loaders[worker].input)
      }
      outputs.finish(places, of: indices)
    }
  }

  /// From the outputs' deltas to the new weights.
  private func runBackward(_ count: Int, _ rule: KernelUpdate) {
    let last = layers.count - 1
    func update(layer: Int, rows: Range<Int>, panels: Range<Int>, worker: Int) {
      self.update.run(
        layer: layer, rows: rows, panels: panels, sampleCount: count, rule,
        input: layer == 0 ? loaders[worker].input : nil, pixels: layer == 0 ? loaders[worker].pixels : nil,
        worker: worker)
    }
    for layer in stride(from: last, to: 0, by: -1) {
      pool.run { worker in
        let (panels, places) = pool.share(of: layers[layer - 1].panelCount, by: count, for: worker)
        let rows = inputShare(of: layer, for: worker)
        if forward.isListed(layer: layer) {
          self.update.runListed(layer: layer, rows: rows, sampleCount: count, rule, worker: worker)
          backward.applyDropout(toDeltasOf: layer - 1, sampleCount: count, units: rows)
        } else {
          backward.run(layer: layer, places: places, panels: panels, worker: worker)
          // Nobody else reads these weights in this call.
          if layer == last, isUpdatedOnTheWay(last) {
            update(layer: last, rows: rows, panels: 0..<layers[last].panelCount, worker: worker)
          }
        }
        if layer == 1, isUpdatedOnTheWay(0) {
          update(layer: 0, rows: 0..<layers[0].inputCount, panels: panels, worker: worker)
        }
      }
    }
    let others = layers.indices.filter { !isUpdatedOnTheWay($0) }
    guard !others.isEmpty else { return }
    pool.run { worker in
      for layer in others {
        let (panels, rows) = pool.share(of: layers[layer].panelCount, by: layers[layer].inputCount, for: worker)
        update(layer: layer, rows: rows, panels: panels, worker: worker)
      }
    }
  }

  /// Whether workers divide a hidden layer by panels of its units, and not by samples.
  private func isByUnits(_ layer: Int) -> Bool {
    layer < layers.count - 1 && pool.sharesPanels(of: layers[layer].panelCount)
  }

  /// Whether a layer's weights are changed on the way back, by who has computed what they need, or when all deltas are there.
  private func isUpdatedOnTheWay(_ layer: Int) -> Bool {
    forward.isListed(layer: layer) || (layer == 0 && isByUnits(0))
      || (layer > 0 && layer == layers.count - 1 && isByUnits(layer - 1))
  }

  /// A worker's share of the inputs of a layer behind the first, the rows of its weights: the units of its panels, where it has
  /// panels of them, and otherwise as many as fill cache lines, so that no two workers write to one. The constant is with the
  /// last ones.
  private func inputShare(of layer: Int, for worker: Int) -> Range<Int> {
    let (units, inputCount) = (layers[layer - 1], layers[layer].inputCount)
    let length = isByUnits(layer - 1) ? units.width : Scalar.paddedLength(1)
    let count = isByUnits(layer - 1) ? units.panelCount : (inputCount + length - 1) / length
    let share = pool.share(of: count, for: worker)
    return share.lowerBound * length..<(share.upperBound == count ? inputCount : share.upperBound * length)
  }

  /// Prepares a piece of a worker's next batch. Not of another's: what another core has written comes from far.
  private func help(_ worker: Int) -> Bool { loaders[worker].help() }

  func validate() -> CostAndAccuracy? { validation?.costAndAccuracy }

  func trainingCost() -> Double { trainingPart()?.costAndAccuracy.cost ?? 0 }

  var weights: [Matrix<Double>] { layers.map(\.matrix) }

  /// Lists what is not 0 in a layer's input, for the forward pass and for the gradient, where that is listed.
  private func list(layer: Int, of count: Int) {
    guard forward.isListed(layer: layer) else { return }
    pool.run { worker in
      forward.list(layer: layer, places: pool.share(of: count, for: worker))
      update.list(layer: layer, inputs: inputShare(of: layer, for: worker), sampleCount: count, worker: worker)
    }
  }
}

extension WorkerPool {
  /// Whether so many panels can be shared out evenly.
  fileprivate func sharesPanels(of panelCount: Int) -> Bool {
    WorkerShare.dividesEvenly(panelCount, among: threadCount)
  }

  /// A worker's share of a layer: whole panels where they can be shared out evenly, as panels keep to a core's cache;
  /// otherwise of each panel some rows.
  fileprivate func share(of panelCount: Int, by rowCount: Int, for worker: Int) -> (
    panels: Range<Int>, rows: Range<Int>
  ) {
    if sharesPanels(of: panelCount) {
      return (self.share(of: panelCount, for: worker), 0..<rowCount)
    }
    return (0..<panelCount, share(of: rowCount, for: worker))
  }
}
