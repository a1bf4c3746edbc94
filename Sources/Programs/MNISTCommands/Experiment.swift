internal import Datasets
internal import Evaluation
internal import LabelBinarization
internal import Matrices
internal import Memory
internal import NeuralNetwork
internal import Normalization
internal import RandomSources
internal import Workers

/// The article's script: a data set and a configuration in, a trained model and its predictions out.
///
/// Everything that can be wrong with the configuration for this data shows when an experiment is made, before any work.
struct Experiment {
  let configuration: Configuration
  let data: ImageDataset
  /// Which samples train and which test.
  let parts: DataParts
  let trainer: Trainer
  /// The random stream, behind the parts and before the weights.
  private let source: NumPyRandomSource

  /// - Parameters:
  ///   - configuration: what is done. Where this machine lacks its instruction set, the widest one is used instead.
  ///   - data: what it is done with.
  ///   - threadCount: the threads that share the work; nothing else depends on it.
  init(
    _ configuration: Configuration, data: ImageDataset, threadCount: Int = WorkerPool.processorCount
  ) throws(CommandFailure) {
    self.configuration = configuration
    self.data = data
    try Self.check(configuration.architecture, suits: data, named: configuration.dataset)
    var source = NumPyRandomSource(seed: configuration.seed)
    do {
      trainer = try Trainer(
        configuration.training, threadCount: threadCount,
        instructionSet: configuration.instructionSet.isAvailable ? configuration.instructionSet : .widest)
      // Lists of indices and labels, in orders of their own.
      try AvailableMemory.check(64 * data.count)
      parts = try DataParts(configuration, of: data, using: &source)
      try trainer.checkMemory(for: configuration.form, sampleCount: parts.train.count)
      // What has been trained must not be lost for want of memory, so predictions are checked before as well.
      try AvailableMemory.check(
        TrainedModel.predictionByteCount(
          sampleCount: parts.test.count, classCount: configuration.architecture.outputCount))
    } catch {
      throw CommandFailure(error)
    }
    self.source = source
  }

  /// Normalises, trains, predicts. A training that diverges still gives a result, that of its last good weights.
  func run(progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }) throws -> ExperimentResult {
    var source = source
    let (model, history) = try trained(on: parts.train, using: &source, progress: progress)
    let predictions = try model.predictions(
      of: data, at: parts.test, threadCount: trainer.threadCount, instructionSet: trainer.instructionSet
    ).map(\.prediction)
    let report = try ClassificationReport(
      actual: predictions.map(\.actual), predicted: predictions.map(\.predicted),
      classCount: classNames.count, classNames: classNames)
    return ExperimentResult(model: model, history: history, predictions: predictions, report: report)
  }

  /// A network of the configuration, trained on some samples and judged by the validation part. A training that diverges
  /// still gives one, that of its last good weights.
  func trained(
    on indices: [Int], using source: inout NumPyRandomSource,
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws -> (model: TrainedModel, history: TrainingHistory) {
    let normalizer = try normalizer(for: indices)
    var network = NeuralNetwork(configuration.form, initializer: configuration.initializer, using: &source)
    let samples = try normalizer.transform(data.pixels, featureCount: data.featureCount)
    let targets = try LabelBinarizer(classCount: configuration.architecture.outputCount).transform(data.labels)
    func part(_ indices: [Int]) -> LabelledSamples {
      LabelledSamples(samples: samples.rows(at: indices), targets: targets.rows(at: indices))
    }
    let validation = parts.validation.isEmpty ? nil : part(parts.validation)
    let history: TrainingHistory
    do throws(TrainerError) {
      history = try trainer.train(
        &network, on: part(indices), validation: validation, using: &source, progress: progress)
    } catch {
      guard case .diverged(_, _, let reached) = error else { throw error }
      history = reached
    }
    let model = TrainedModel(
      network: network, normalizer: normalizer, rowCount: data.rowCount, columnCount: data.columnCount,
      classNames: classNames, datasetName: data.name, training: configuration.training,
      largestPixel: data.pixels.max().flatMap { $0 > 0 ? $0 : nil })
    return (model, history)
  }

  /// A model's outputs for some of the samples, `[indices.count, classCount]`, in the order of their indices' list.
  func outputs(of indices: [Int], by model: TrainedModel) throws(NormalizationError) -> Matrix<Double> {
    try model.outputs(
      for: data.pixels, at: indices, threadCount: trainer.threadCount, instructionSet: trainer.instructionSet)
  }

  /// The scaling of pixels: fitted to the whole data set as in the article, or to the samples trained on.
  private func normalizer(for training: [Int]) throws(NormalizationError) -> Normalizer {
    switch configuration.normalization {
    case .minMax:
      .minMax(try MinMaxScaler.fit(data.pixels))
    case .standard:
      .standard(try StandardScaler.fit(data.pixels, featureCount: data.featureCount, at: training))
    case .none:
      .none
    }
  }

  /// The classes' names, one for each output.
  private var classNames: [String] { data.classNames(count: configuration.architecture.outputCount) }

  private static func check(
    _ architecture: Architecture, suits data: ImageDataset, named name: String
  ) throws(CommandFailure) {
    guard architecture.inputCount == data.featureCount else {
      throw CommandFailure(
        .usage,
        "the architecture \(architecture) begins with \(architecture.inputCount) inputs, expected \(data.featureCount) "
          + "for the \(data.rowCount)x\(data.columnCount) pixels of \(data.name)")
    }
    // Labels are bytes, so that further outputs could never be right.
    guard architecture.outputCount <= 256 else {
      throw CommandFailure(
        .usage, "the architecture \(architecture) ends in \(architecture.outputCount) outputs, expected at most 256")
    }
    let isKnown = DatasetCatalogue.description(named: name) != nil
    guard architecture.outputCount == data.classCount || !isKnown && architecture.outputCount > data.classCount else {
      throw CommandFailure(
        .usage,
        "the architecture \(architecture) ends in \(architecture.outputCount) outputs, expected \(data.classCount) "
          + "for the classes of \(data.name)")
    }
  }
}
