public import Datasets
internal import Evaluation
internal import LabelBinarization
internal import Memory
public import NeuralNetwork
internal import Normalization
internal import RandomSources
public import Splitting
public import Workers

/// The article's script: a data set and a configuration in, a trained model and its predictions out.
///
/// ```swift
/// let data = try ImageDataset.digits()
/// let experiment = try Experiment(Configuration(.article, dataset: "digits", data: data), data: data)
/// let result = try experiment.run()
/// print(experiment.summary.joined(separator: "\n"), result.text())
/// try RunFolder.Writer(output: "run", datasetName: data.name, now: Date()).write(result, of: experiment)
/// ```
///
/// Everything that can be wrong with the configuration for this data shows when an experiment is made, before any work.
public struct Experiment: Sendable {
  /// What is done.
  public let configuration: Configuration
  /// What it is done with.
  public let data: ImageDataset
  /// Which samples train, which judge each epoch, and which test.
  public let split: TrainTestSplit
  /// What trains.
  public let trainer: Trainer
  /// The random stream, after the split and before the weights.
  private let source: NumPyRandomSource

  /// Creates an experiment.
  ///
  /// - Parameters:
  ///   - configuration: What is done. Where this machine lacks its instruction set, the widest one is used instead.
  ///   - data: What it is done with.
  ///   - threadCount: The threads that share the work; nothing else depends on it.
  /// - Throws: Where the configuration does not suit the data, or there is too little memory.
  public init(_ configuration: Configuration, data: ImageDataset, threadCount: Int = WorkerPool.processorCount) throws {
    self.configuration = configuration
    self.data = data
    try Self.check(configuration.architecture, suits: data, named: configuration.dataset)
    var source = NumPyRandomSource(seed: configuration.seed)
    trainer = try Trainer(
      configuration.training, threadCount: threadCount,
      instructionSet: configuration.instructionSet.isAvailable ? configuration.instructionSet : .widest)
    // Lists of indices and labels, in orders of their own.
    try AvailableMemory.check(64 * data.count)
    split = try Self.split(data, configuration, using: &source)
    try trainer.checkMemory(for: configuration.form, sampleCount: split.train.count)
    // What has been trained must not be lost for want of memory, so predictions are checked before as well.
    try AvailableMemory.check(
      TrainedModel.predictionByteCount(
        sampleCount: split.test.count, classCount: configuration.architecture.outputCount))
    self.source = source
  }

  /// Normalises, trains, predicts. A training that diverges still gives a result, that of its last good weights.
  ///
  /// - Parameter progress: Called during the training; decides whether it goes on.
  public func run(
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws -> ExperimentResult {
    var source = source
    let (model, history) = try trained(on: split.train, using: &source, progress: progress)
    return try ExperimentResult(
      model: model, history: history, samples: try predictions(at: split.test, by: model), data: data)
  }

  /// Trains a network of the configuration on some samples, judged by the validation part. A training that diverges still
  /// gives one, that of its last good weights.
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
    let history: TrainingHistory
    do throws(TrainerError) {
      history = try trainer.train(
        &network, on: part(indices), validation: split.validation.isEmpty ? nil : part(split.validation),
        using: &source, progress: progress)
    } catch {
      guard case .diverged(_, _, let reached) = error else { throw error }
      history = reached
    }
    let model = TrainedModel(
      network: network, normalizer: normalizer, rowCount: data.rowCount, columnCount: data.columnCount,
      classNames: data.classNames(count: configuration.architecture.outputCount), datasetName: data.name,
      training: configuration.training, largestPixel: data.pixels.max().flatMap { $0 > 0 ? $0 : nil })
    return (model, history)
  }

  /// Returns some of the samples with what a model makes of them, in the order of their indices' list.
  func predictions(at indices: [Int], by model: TrainedModel) throws -> [PredictedSample] {
    try model.predictions(
      of: data, at: indices, threadCount: trainer.threadCount, instructionSet: trainer.instructionSet)
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

  /// Splits a data set as a configuration asks for. The validation part is drawn right after the test part.
  private static func split(
    _ data: ImageDataset, _ configuration: Configuration, using source: inout some RandomSource
  ) throws -> TrainTestSplit {
    func split(_ labels: [UInt8], _ size: TestSize) throws(SplittingError) -> TrainTestSplit {
      configuration.stratify
        ? try .stratified(labels: labels, testSize: size, using: &source)
        : try .random(sampleCount: labels.count, testSize: size, using: &source)
    }

    var result: TrainTestSplit
    switch configuration.split {
    case .canonical:
      guard data.testCount > 0, data.trainingCount > 0 else {
        let part = data.testCount > 0 ? "training" : "test"
        throw ExperimentError(
          .usage, "\(data.name) has no \(part) part of its own, so --split canonical does not suit it")
      }
      result = .canonical(trainCount: data.trainingCount, testCount: data.testCount)
    case .random:
      guard let testSize = configuration.testSize else {
        throw ExperimentError(.badData, "a random split needs a test size")
      }
      result = try split(data.labels, testSize)
    }
    guard let validationSize = configuration.validationSize else { return result }
    let train = result.train
    let inner = try ExperimentError.at("the validation part of the training samples") {
      try split(train.map { data.labels[$0] }, validationSize)
    }
    (result.train, result.validation) = (inner.train.map { train[$0] }, inner.test.map { train[$0] })
    return result
  }

  private static func check(
    _ architecture: Architecture, suits data: ImageDataset, named name: String
  ) throws(ExperimentError) {
    guard architecture.inputCount == data.featureCount else {
      throw ExperimentError(
        .usage,
        "the architecture \(architecture) begins with \(architecture.inputCount) inputs, expected \(data.featureCount) "
          + "for the \(data.rowCount)x\(data.columnCount) pixels of \(data.name)")
    }
    // Labels are bytes, so that further outputs could never be right.
    guard architecture.outputCount <= 256 else {
      throw ExperimentError(
        .usage, "the architecture \(architecture) ends in \(architecture.outputCount) outputs, expected at most 256")
    }
    let isKnown = DatasetCatalogue.description(named: name) != nil
    guard architecture.outputCount == data.classCount || !isKnown && architecture.outputCount > data.classCount else {
      throw ExperimentError(
        .usage,
        "the architecture \(architecture) ends in \(architecture.outputCount) outputs, expected \(data.classCount) "
          + "for the classes of \(data.name)")
    }
  }
}

extension Experiment {
  /// The lines that describe the experiment: two, and a third one for settings that are not the article's.
  public var summary: [String] {
    let training = configuration.training
    var lines = [
      "\(data.name): \(data.count) samples of dimension \(data.featureCount) (\(data.rowCount)x\(data.columnCount)), "
        + "\(data.classCount) classes",
      "training on \(split.train.count), "
        + (split.validation.isEmpty ? "" : "validating on \(split.validation.count), ")
        + "testing on \(split.test.count); architecture \(configuration.architecture), \(training.epochs) "
        + "\(training.epochs == 1 ? "epoch" : "epochs"), learning rate \(training.learningRate), "
        + "seed \(configuration.seed)",
    ]
    let differences = Setting.differences(of: configuration)
    if !differences.isEmpty {
      lines.append("preset \(configuration.preset.rawValue): \(differences.joined(separator: ", "))")
    }
    return lines
  }
}
