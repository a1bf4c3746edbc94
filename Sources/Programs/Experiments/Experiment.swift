public import Datasets
internal import Evaluation
internal import LabelBinarization
internal import Memory
public import NeuralNetwork
internal import Normalization
internal import RandomSources
public import Splitting
public import Workers

/// An experiment with the steps of the article's script: split and scale the data, train a network, and predict the
/// test part.
///
/// ```swift
/// let data = try ImageDataset.digits()
/// let experiment = try Experiment(Configuration(.article, dataset: "digits", data: data), data: data)
/// let result = try experiment.run()
/// print(experiment.summary.joined(separator: "\n"), result.text())
/// try RunFolder.Writer(output: "run", datasetName: data.name, now: Date()).write(result, of: experiment)
/// ```
///
/// The initializer checks the configuration against the data set, so that mistakes are reported before the training.
public struct Experiment: Sendable {
  /// The settings of the training run.
  public let configuration: Configuration
  /// The data set.
  public let data: ImageDataset
  /// The indices of the training, validation and test samples.
  public let split: TrainTestSplit
  /// The trainer, with its number of threads and its instruction set.
  public let trainer: Trainer
  /// The random number generator, in its state after the split. The initial weights are drawn next.
  private let source: NumPyRandomSource

  /// Checks the configuration, splits the data set and creates an experiment.
  ///
  /// - Parameters:
  ///   - configuration: The settings. If this machine lacks the configured instruction set, the widest available
  ///     instruction set is used.
  ///   - data: The data set.
  ///   - threadCount: The number of worker threads. The results do not depend on this number.
  /// - Throws: An error if the configuration does not suit the data set, or if there is too little memory.
  public init(_ configuration: Configuration, data: ImageDataset, threadCount: Int = WorkerPool.processorCount) throws {
    self.configuration = configuration
    self.data = data
    try Self.check(configuration.architecture, suits: data, named: configuration.dataset)
    var source = NumPyRandomSource(seed: configuration.seed)
    trainer = try Trainer(
      configuration.training, threadCount: threadCount,
      instructionSet: configuration.instructionSet.isAvailable ? configuration.instructionSet : .widest)
    // The split copies indices and labels into several arrays: at most 64 bytes for each sample.
    try AvailableMemory.check(64 * data.count)
    split = try Self.split(data, configuration, using: &source)
    try trainer.checkMemory(for: configuration.form, sampleCount: split.train.count)
    // The predictions follow the training. Checking the memory for the predictions now avoids losing a trained model
    // later.
    try AvailableMemory.check(
      TrainedModel.predictionByteCount(
        sampleCount: split.test.count, classCount: configuration.architecture.outputCount))
    self.source = source
  }

  /// Trains a network on the training part and predicts the test part.
  ///
  /// A training run that diverges also gives a result, with the last finite weights.
  ///
  /// - Parameter progress: A closure that is called during the training and returns whether the training continues.
  /// - Returns: The trained model, the history of the training, and the predictions for the test part.
  /// - Throws: An error if there is too little memory, or if the trainer fails for a reason other than divergence.
  public func run(
    progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws -> ExperimentResult {
    var source = source
    let (model, history) = try trained(on: split.train, using: &source, progress: progress)
    return try ExperimentResult(
      model: model, history: history, samples: try predictions(at: split.test, by: model), data: data)
  }

  /// Trains a network on the samples at some indices, and evaluates each epoch on the validation part.
  ///
  /// A training run that diverges also gives a model, with the last finite weights.
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

  /// Returns the model's predictions for the samples at some indices, in the order of `indices`.
  func predictions(at indices: [Int], by model: TrainedModel) throws -> [PredictedSample] {
    try model.predictions(
      of: data, at: indices, threadCount: trainer.threadCount, instructionSet: trainer.instructionSet)
  }

  /// Returns the normalizer of the pixels.
  ///
  /// Min-max scaling is fitted to the whole data set, as in the article. Standard scaling is fitted to the
  /// training samples.
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

  /// Splits a data set into the training, validation and test parts.
  ///
  /// The validation part is drawn directly after the test part. Another order would use other random numbers and change
  /// the split.
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
          .usage, "\(data.name) has no \(part) part of its own; use --split random instead of --split canonical")
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
    // A label is a byte, so a network with more than 256 outputs has classes that no sample can have.
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
  /// The lines of text that describe the experiment before the training.
  ///
  /// There are two lines, and a third line if settings differ from the article's.
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
