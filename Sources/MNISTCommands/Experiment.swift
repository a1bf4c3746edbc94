internal import Datasets
internal import Evaluation
internal import Matrices
internal import NeuralNetwork
internal import Normalization
internal import RandomSources
internal import Splitting

/// The article's script: a data set and a configuration in, a trained model and its predictions out.
///
/// Everything that can be wrong with the configuration for this data shows when an experiment is made, before any work.
struct Experiment {
  let configuration: Configuration
  let data: ImageDataset
  /// Which samples train and which test, by their indices in the data set.
  let split: TrainTestSplit
  private let trainer: Trainer
  /// The random stream, behind the split and before the weights.
  private let source: NumPyRandomSource

  init(_ configuration: Configuration, data: ImageDataset) throws(CommandFailure) {
    self.configuration = configuration
    self.data = data
    try Self.check(configuration.architecture, suits: data, named: configuration.dataset)
    var source = NumPyRandomSource(seed: configuration.seed)
    do {
      trainer = try Trainer(epochs: configuration.epochs, learningRate: configuration.learningRate)
      split = try Self.split(configuration, data, using: &source)
    } catch {
      throw CommandFailure(error)
    }
    self.source = source
  }

  /// Normalises, binarises, trains, predicts.
  func run(progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }) throws -> ExperimentResult {
    let normalizer = try normalizer()
    let training = LabelledSamples(
      samples: try Samples(
        pixels: data.pixels, featureCount: data.featureCount, at: split.train, normalizer: normalizer),
      targets: Targets(
        classes: split.train.map { data.labels[$0] }, classCount: configuration.architecture.outputCount))

    var source = source
    var network = NeuralNetwork(
      configuration.architecture, initializer: configuration.initializer, using: &source)
    let history = try trainer.train(&network, on: training, using: &source, progress: progress)

    let model = TrainedModel(
      network: network, normalizer: normalizer, rowCount: data.rowCount, columnCount: data.columnCount,
      classNames: classNames, datasetName: data.name)
    let predictions = try Prediction.all(of: split.test, in: data, by: model)
    let report = try ClassificationReport(
      actual: predictions.map(\.actual), predicted: predictions.map(\.predicted),
      classCount: classNames.count, classNames: classNames)
    return ExperimentResult(model: model, history: history, predictions: predictions, report: report)
  }

  /// The scaling of pixels: fitted to the whole data set as in the article, or to the training part.
  private func normalizer() throws(NormalizationError) -> Normalizer {
    switch configuration.normalization {
    case .minMax:
      .minMax(try MinMaxScaler.fit(bytes: data.pixels))
    case .standard:
      .standard(
        try StandardScaler.fit(
          Normalizer.none.transform(bytes: data.pixels(at: split.train), columnCount: data.featureCount),
          scope: .feature))
    case .none:
      .none
    }
  }

  /// The classes' names, one for each output. A folder's labels only tell how many classes there are at least.
  private var classNames: [String] {
    data.classNames + (data.classCount..<configuration.architecture.outputCount).map(String.init)
  }

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

  private static func split(
    _ configuration: Configuration, _ data: ImageDataset, using source: inout NumPyRandomSource
  ) throws -> TrainTestSplit {
    switch configuration.split {
    case .canonical:
      guard data.testCount > 0 else {
        throw CommandFailure(.usage, "\(data.name) has no test part of its own, so --split canonical does not suit it")
      }
      return .canonical(trainCount: data.trainingCount, testCount: data.testCount)
    case .random:
      guard let testSize = configuration.testSize else {
        throw CommandFailure(.badData, "a random split needs a test size")
      }
      return configuration.stratify
        ? try .stratified(labels: data.labels, testSize: testSize, using: &source)
        : try .random(sampleCount: data.count, testSize: testSize, using: &source)
    }
  }

  /// What is about to be done, on two lines.
  var summary: String {
    """
    \(data.name): \(data.count) samples of dimension \(data.featureCount) (\(data.rowCount)x\(data.columnCount)), \
    \(data.classCount) classes
    training on \(split.train.count), testing on \(split.test.count); architecture \(configuration.architecture), \
    \(configuration.epochs) \(configuration.epochs == 1 ? "epoch" : "epochs"), learning rate \(configuration.learningRate), seed \(configuration.seed)
    """
  }
}
