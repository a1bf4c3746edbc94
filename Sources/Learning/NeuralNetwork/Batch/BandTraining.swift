internal import LabelBinarization
internal import Matrices
internal import Normalization
internal import RandomSources
internal import Workers

/// Trains a network of one hidden layer on batches of images, most of whose pixels are blank, with all workers.
///
/// With `x` the samples of a batch, `a` the hidden units, `V` and `W` the weights into and out of them, matrices of a row a
/// sample, one step is:
///
///     sums       z[band] = x[band] · V[band]
///     outputs    a = activation(Σ z[band]),  delta = gradient of the loss by a · W, over the number of samples
///     update     d = (delta · Wᵀ) * slope(a),  V and W changed by the optimizer with the gradients xᵀ · d and aᵀ · delta
///
/// What another core has written comes from far, and to write anew what another core has read takes longer still. So workers
/// share the pixels, and with them their lists and the weights out of them, which no other core has to see. What goes between
/// two of them are the sums of half the samples, a bit for each hidden unit where that is ReLU, the outputs' deltas, and the
/// gradient of the weights into the outputs; the hidden units' deltas, and these weights, are computed wherever they are needed.
/// Where there are more workers, those of a band share its units.
///
/// The sums need only weights that a worker has changed itself. It does that right before the next batch's sums, so that workers
/// meet twice a batch. Who waits prepares its next batch meanwhile. From deltas by gradients to sums a worker goes group by group
/// of the units' panels: what it has just written is read from a cache near the core, and takes little of it.
///
/// Bands follow from the samples and the settings alone, halves of a batch from its size, and sums over parts go from part to
/// part, so that the weights do not depend on the number of threads.
final class BandTraining<Scalar: KernelScalar>: TrainingStep {
  let batchSize: Int
  private let settings: TrainingSettings
  private let pool: WorkerPool
  private let bands: [InputBand]
  private let layers: [WeightPanels<Scalar>]
  private let forward: BatchForward<Scalar>
  private let backward: BatchBackward<Scalar>
  private let update: BatchUpdate<Scalar>
  private let outputs: BatchOutputs<Scalar>
  private let outputWeights: OutputWeights<Scalar>
  /// For each sample of a batch a bit for each hidden unit, 1 where it is above 0, `[capacity, padded units / 8]`; for ReLU, where
  /// there are two teams.
  private let active: RowsPointer<UInt8>?
  /// One for each band, or where there is one thread one for all.
  private let teamCount: Int
  private let validation: BatchValidation<Scalar>?
  /// The training samples, to judge the network by: made when that is asked for.
  private let trainingPart: () -> BatchValidation<Scalar>?
  /// Each worker's way to the samples, for each of its bands.
  private let loaders: [[(band: Int, loader: BatchLoader<Scalar>)]]
  private let workspace = Workspace()
  /// Where dropout's keys come from.
  private var source: SplittableRandomSource
  private var stepCount = 0
  /// The update that the next step begins with.
  private var pending: (sampleCount: Int, rule: KernelUpdate)?

  /// The bands for a training, two of them; nil where it is not for this class.
  static func bands(_ form: NetworkForm, _ settings: TrainingSettings, training: SampleMemory) -> [InputBand]? {
    let capacity = min(settings.batchSize, training.count)
    guard form.weightShapes.count == 2, let blank = BatchInput<Scalar>.blank(of: training, capacity: capacity) else {
      return nil
    }
    return InputBand.halves(
      of: training, blank: blank, unitCount: form.weightShapes[0].outputs, outputCount: form.weightShapes[1].outputs)
  }

  /// As many of the threads as can have a like share of the work: one, or as many for each band, each with some panels of units.
  static func threadCount(unitCount: Int, bandCount: Int, available: Int) -> Int {
    let panelCount = WeightPanels<Scalar>.panelCount(of: unitCount)
    let teamSize = (1...max(1, available / bandCount)).last { WorkerShare.dividesEvenly(panelCount, among: $0) }
    return available < bandCount ? 1 : bandCount * (teamSize ?? 1)
  }

  /// - Precondition: the pool has as many threads as ``threadCount(unitCount:bandCount:available:)`` says.
  init(
    _ network: NeuralNetwork, bands: [InputBand], settings: TrainingSettings, training: SampleMemory, targets: Targets,
    validation: SampleMemory?, validationTargets: Targets?, pool: WorkerPool, instructionSet: InstructionSet,
    using source: SplittableRandomSource
  ) {
    let capacity = min(settings.batchSize, training.count)
    let kernels = BatchKernels<Scalar>(available: instructionSet)
    (self.bands, self.settings, self.pool, self.source, batchSize) = (bands, settings, pool, source, capacity)
    let (workspace, teamCount) = (workspace, min(bands.count, pool.threadCount))
    precondition(pool.threadCount.isMultiple(of: teamCount), "teams have as many workers each")
    self.teamCount = teamCount
    layers = network.weights.map { WeightPanels($0, in: workspace) }
    forward = BatchForward(
      network.form, weights: layers, capacity: capacity, bandCount: bands.count, kernels: kernels)
    backward = BatchBackward(
      forward, activation: network.form.activation, dropout: settings.dropout, isByGroups: true, pool: pool)
    update = BatchUpdate(forward, deltas: backward.deltas, optimizer: settings.optimizer, pool: pool)
    outputs = BatchOutputs(forward, deltas: backward.deltas[1], targets: targets, settings: settings)
    outputWeights = OutputWeights(
      layers[1], units: layers[0], copyCount: pool.threadCount, partCount: bands.count, optimizer: settings.optimizer,
      kernels: kernels, in: workspace)
    let rowSize = layers[0].paddedOutputCount / 8
    active =
      network.form.activation == .relu && teamCount > 1
      ? RowsPointer(workspace.allocate(count: capacity * rowSize), stride: rowSize) : nil
    self.validation = BatchValidation(
      network.form, weights: layers, validation, targets: validationTargets, settings: settings, pool: pool,
      kernels: kernels)
    trainingPart = { [layers] in
      BatchValidation(
        network.form, weights: layers, training, targets: targets, settings: settings, pool: pool, kernels: kernels)
    }
    let packed = bands.map { band in
      BatchInput<Scalar>.blank(of: training, capacity: capacity).map {
        PackedSamples(training, band: band, blank: $0, kernels: kernels, pool: pool, in: workspace)
      }
    }
    loaders = (0..<pool.threadCount).map { worker in
      WorkerShare(number: Self.team(of: worker, teamCount, pool), of: teamCount).part(of: bands.count).map { band in
        // The next batch is complete before its sums are taken, which are all that its samples' lists are for.
        let input = BatchInput(training, band: bands[band], capacity: capacity, kernels: kernels, in: workspace)
        let loader = BatchLoader(
          training, packed: packed[band], input: input, nextInput: input, kernels: kernels,
          share: WorkerShare(number: 0, of: 1))
        return (band, loader)
      }
    }
  }

  func runEpoch(_ body: () -> Void) {
    pool.run(alongside: help, body)
    for worker in loaders { for (_, loader) in worker { loader.forgetNext() } }
  }

  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  ) {
    stepCount += 1
    // One for each layer of weights, as in `BatchTraining`.
    let key = settings.dropout > 0 ? layers.map { _ in source.next() }[0] : 0
    let pending = pending
    pool.run { worker in
      if let pending { prefetchDeltas(pending.sampleCount, worker: worker) }
      for (_, loader) in loaders[worker] { loader.complete(indices) }
      for group in groups(of: worker) {
        if pool.threadCount > 1 { prefetchSums(indices.count, of: group, worker: worker) }
        if let pending { update(group, pending.sampleCount, pending.rule, worker: worker) }
        for (band, loader) in loaders[worker] {
          forward.run(band: band, places: indices.indices, panels: group, input: loader.nextInput)
        }
      }
      for (_, loader) in loaders[worker] { loader.turn(to: next) }
    } then: { worker in
      if let pending { outputWeights.update(pending.rule, copy: worker, forward.kernels) }
      computeOutputs(indices, key: key, worker: worker)
    }
    outputs.add(to: &result, sampleCount: indices.count)
    self.pending = (
      indices.count,
      settings.optimizer.update(learningRate: learningRate, weightDecay: settings.weightDecay, step: stepCount)
    )
    // An epoch's time is that of all its updates.
    if next.isEmpty { finishUpdate() }
  }

  /// From the sums to the outputs' deltas, for a worker's share of the samples.
  private func computeOutputs(_ indices: UnsafeBufferPointer<Int>, key: UInt64, worker: Int) {
    let (places, allPanels) = (pool.share(of: indices.count, for: worker), 0..<layers[0].panelCount)
    forward.sumBands(places: places)
    if settings.dropout > 0 { backward.drop(layer: 0, places: places, panels: allPanels, key: key) }
    if let active {
      forward.kernels.markPositive(
        forward.results[0].from(row: places.lowerBound), rowCount: places.count,
        columnCount: layers[0].paddedOutputCount, in: active.from(row: places.lowerBound))
    }
    forward.runOutputs(places: places, weights: outputWeights[worker])
    outputs.finish(places, of: indices)
  }

  /// Asks for the memory of the sums that other workers read: to have it back from another core takes as long as a gradient.
  private func prefetchSums(_ sampleCount: Int, of group: Range<Int>, worker: Int) {
    let own = pool.share(of: sampleCount, for: worker)
    for (band, _) in loaders[worker] {
      forward.prefetchSums(band: band, places: 0..<own.lowerBound, panels: group)
      forward.prefetchSums(band: band, places: own.upperBound..<sampleCount, panels: group)
    }
  }

  /// Asks for the outputs' deltas that other workers have written.
  private func prefetchDeltas(_ sampleCount: Int, worker: Int) {
    for other in 0..<pool.threadCount where other != worker {
      backward.prefetchDeltas(layer: 1, places: pool.share(of: sampleCount, for: other))
    }
  }

  /// From the outputs' deltas to a worker's new weights out of the pixels into a group of panels, and its part of the gradient of
  /// the weights out of these.
  private func update(_ group: Range<Int>, _ sampleCount: Int, _ rule: KernelUpdate, worker: Int) {
    let team = team(of: worker)
    for half in bands.indices {
      let places = WorkerShare(number: half, of: bands.count).part(of: sampleCount)
      let isOwnHalf = teamCount == 1 || half == team
      backward.run(
        layer: 1, places: places, panels: group, weightsOut: outputWeights.panels(of: worker),
        active: isOwnHalf ? nil : active, worker: worker)
      if isOwnHalf {
        outputWeights.computeGradient(
          of: group, part: half, forward.results[0].from(row: places.lowerBound),
          deltas: backward.deltas[1].rows.from(row: places.lowerBound), sampleCount: places.count, forward.kernels)
      }
    }
    for (band, loader) in loaders[worker] {
      update.run(
        layer: 0, rows: bands[band].rows, panels: group, sampleCount: sampleCount, rule, input: loader.input,
        pixels: loader.pixels, worker: worker)
    }
  }

  /// Does the update that is left.
  private func finishUpdate() {
    guard let pending else { return }
    self.pending = nil
    pool.run { worker in
      for group in groups(of: worker) { update(group, pending.sampleCount, pending.rule, worker: worker) }
    } then: { worker in
      outputWeights.update(pending.rule, copy: worker, forward.kernels)
    }
  }

  func validate() -> CostAndAccuracy? {
    finishUpdate()
    return validation?.costAndAccuracy
  }

  func trainingCost() -> Double {
    finishUpdate()
    return trainingPart()?.costAndAccuracy.cost ?? 0
  }

  var weights: [Matrix<Double>] {
    finishUpdate()
    return layers.map(\.matrix)
  }

  /// Prepares a piece of a worker's next batch. Not of another's: what another core has written comes from far.
  private func help(_ worker: Int) -> Bool { loaders[worker].contains { $0.loader.help() } }

  // The first team of workers has the first band and the first half of a batch's samples, the other one the second ones. In a
  // team each has some panels of units.

  private func team(of worker: Int) -> Int { Self.team(of: worker, teamCount, pool) }

  private static func team(of worker: Int, _ teamCount: Int, _ pool: WorkerPool) -> Int {
    worker * teamCount / pool.threadCount
  }

  /// A worker's panels, in groups that go through a batch together.
  private func groups(of worker: Int) -> some Sequence<Range<Int>> {
    let teamSize = pool.threadCount / teamCount
    return Deltas<Scalar>.groups(
      of: WorkerShare(number: worker % teamSize, of: teamSize).part(of: layers[0].panelCount))
  }
}
