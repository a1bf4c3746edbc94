public import Datasets
internal import DurableFiles
internal import Evaluation
internal import NeuralNetwork
internal import Splitting

/// A run folder read back, with the data set that it was made from.
public struct SavedRun: Sendable {
  /// The folder.
  public let path: String
  /// What its `config.json` says.
  public let record: RunRecord
  /// The data set that it was made from.
  public let data: ImageDataset

  /// Reads what a run was and loads its data set; both are checked to belong together.
  ///
  /// - Parameters:
  ///   - path: The run folder.
  ///   - dataFolder: Where the catalogue's data sets are kept; nil where no such folder is known.
  public init(_ path: String, dataFolder: String?) throws {
    self.path = path
    try RunFolder.checkExists(path)
    let name = RunFolder.path(of: .configuration, in: path)
    guard FilePaths.exists(name) else {
      throw ExperimentError(
        .missingInput, "\(path): it is no run folder: \(RunFolder.File.configuration.rawValue) is missing")
    }
    let bytes = try DurableFile.read(name, maximumByteCount: RunRecord.maximumByteCount)
    // A file of nothing but numbers takes 25 times as much when it is decoded.
    try FileError.checkMemory(25 * bytes.count, for: name)
    record = try ExperimentError.at(name) { try RunRecord(parsing: bytes) }
    data = try ImageDataset.read(record.configuration.dataset, dataFolder: dataFolder)
    let found = RunRecord.DataFingerprint(data)
    guard found.sha256 != record.data.sha256 || found == record.data else {
      throw ExperimentError(.badData, "\(name): the key data contradicts its own sha256")
    }
    guard found == record.data else {
      throw ExperimentError(
        .badData,
        "\(path): made from another data set than \(record.configuration.dataset) is now: SHA-256 expected "
          + "\(record.data.sha256), found \(found.sha256)")
    }
  }

  /// Returns a part of the data with the network's outputs: for the test part the predictions are those that the run left,
  /// which have to be the model's.
  public func evaluated(_ part: DataPart, threadCount: Int) throws -> EvaluatedPart {
    let experiment = try experiment(threadCount: threadCount)
    let indices: [Int]
    switch part {
    case .test: indices = experiment.split.test
    case .train: indices = experiment.split.train
    case .validation:
      guard !experiment.split.validation.isEmpty else {
        throw ExperimentError(
          .usage, "\(path): the run has no validation part; mnist-train --validation-size makes one")
      }
      indices = experiment.split.validation
    }
    let recorded = part == .test ? try testPredictions(experiment) : nil
    let samples = try samples(of: experiment, at: indices)
    return try EvaluatedPart(
      try recorded.map { try Self.samples($0, agreeingWith: samples, in: path) } ?? samples,
      of: data, part: part, source: name, classCount: record.configuration.architecture.outputCount)
  }

  /// The run's name: its folder's, also where a link leads there.
  public var name: String { FilePaths.name(of: FilePaths.resolved(path) ?? path) }

  private func testPredictions(_ experiment: Experiment) throws -> [PredictionTable.Row] {
    let name = RunFolder.path(of: .predictions, in: path)
    let bytes = try DurableFile.read(
      name, maximumByteCount: PredictionTable.maximumByteCount(predictionCount: experiment.split.test.count))
    // The text, and the records that it holds.
    try FileError.checkMemory(3 * bytes.count, for: name)
    return try ExperimentError.at(name) {
      try PredictionTable.parse(
        String(decoding: bytes, as: UTF8.self), of: experiment.split.test, labels: data.labels,
        classCount: record.configuration.architecture.outputCount)
    }
  }

  /// Returns the run's experiment, ready to be run once more. What would be a wrong option on the command line is a damaged
  /// file here.
  public func experiment(threadCount: Int) throws(ExperimentError) -> Experiment {
    do { return try Experiment(record.configuration, data: data, threadCount: threadCount) } catch {
      throw ExperimentError(.badData, "\(RunFolder.path(of: .configuration, in: path)): \(error)")
    }
  }

  /// Samples with what the run's model makes of them.
  private func samples(of experiment: Experiment, at indices: [Int]) throws -> [PredictedSample] {
    let name = RunFolder.path(of: .model, in: path)
    let model = try TrainedModel.read(name)
    guard model.network.architecture == record.configuration.architecture else {
      throw ExperimentError(
        .badData,
        "\(name): the architecture \(model.network.architecture), expected \(record.configuration.architecture) as in "
          + RunFolder.File.configuration.rawValue)
    }
    return try ExperimentError.at(name) {
      let samples = try experiment.predictions(at: indices, by: model)
      try samples.requireFiniteOutputs()
      return samples
    }
  }

  /// How far a recorded number may be from the model's: another processor's instructions round differently.
  private static let tolerance = 1e-3

  /// The recorded predictions with the model's outputs; in earlier versions' records the losses are missing, and the model's
  /// are taken.
  private static func samples(
    _ recorded: [PredictionTable.Row], agreeingWith samples: [PredictedSample], in path: String
  ) throws(ExperimentError) -> [PredictedSample] {
    let computed = Dictionary(uniqueKeysWithValues: samples.map { ($0.index, $0) })
    var result: [PredictedSample] = []
    for prediction in recorded {
      guard let sample = computed[prediction.index] else { continue }
      let output = sample.outputs[prediction.predicted]
      let isModels =
        abs(output - prediction.confidence) <= tolerance && sample.confidence - output <= tolerance
        && abs((prediction.loss ?? 0) - (prediction.loss == nil ? 0 : sample.loss ?? 0))
          <= 10 * tolerance * max(1, sample.loss ?? 0)
      guard isModels else {
        throw ExperimentError(
          .badData,
          "\(RunFolder.path(of: .predictions, in: path)): sample \(sample.index): expected what "
            + "\(RunFolder.File.model.rawValue) says, class \(sample.predicted) with \(sample.confidence) and the loss "
            + "\(sample.loss ?? 0), found class \(prediction.predicted) with \(prediction.confidence)"
            + (prediction.loss.map { " and the loss \($0)" } ?? ""))
      }
      result.append(
        PredictedSample(
          index: sample.index, actual: sample.actual, predicted: prediction.predicted,
          confidence: prediction.confidence, loss: prediction.loss ?? sample.loss, outputs: sample.outputs))
    }
    return result
  }
}
