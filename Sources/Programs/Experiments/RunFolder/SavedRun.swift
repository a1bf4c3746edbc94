public import Datasets
internal import DurableFiles
internal import Evaluation
internal import NeuralNetwork
internal import Splitting

/// A run folder read from disk, with the data set that was used for training.
public struct SavedRun: Sendable {
  /// The path of the run folder.
  public let path: String
  /// The content of `config.json`.
  public let record: RunRecord
  /// The data set that was used for training.
  public let data: ImageDataset

  /// Reads `config.json` and the data set, and checks that the data set has not changed since the training.
  ///
  /// - Parameters:
  ///   - path: The path of the run folder.
  ///   - dataFolder: The folder with the data sets of the catalogue; nil if there is no such folder.
  /// - Throws: `ExperimentError` or `FileError` if a file is missing or damaged, or the data set has changed.
  public init(_ path: String, dataFolder: String?) throws {
    self.path = path
    try RunFolder.checkExists(path)
    let name = RunFolder.path(of: .configuration, in: path)
    guard FilePaths.exists(name) else {
      throw ExperimentError(
        .missingInput, "\(path): not a run folder: \(RunFolder.File.configuration.rawValue) is missing")
    }
    let bytes = try DurableFile.read(name, maximumByteCount: RunRecord.maximumByteCount)
    // Decoding a JSON file that consists only of numbers needs 25 times the file's size in memory.
    try FileError.checkMemory(25 * bytes.count, for: name)
    record = try ExperimentError.at(name) { try RunRecord(parsing: bytes) }
    data = try ImageDataset.read(record.configuration.dataset, dataFolder: dataFolder)
    let found = RunRecord.DataFingerprint(data)
    guard found.sha256 != record.data.sha256 || found == record.data else {
      throw ExperimentError(
        .badData, "\(name): the key data: its sha256 is that of \(data.name), but its other values are not")
    }
    guard found == record.data else {
      throw ExperimentError(
        .badData,
        "\(path): the data set \(record.configuration.dataset) is not the one of the training: SHA-256 expected "
          + "\(record.data.sha256), found \(found.sha256)")
    }
  }

  /// Returns a part of the data set with the model's predictions.
  ///
  /// The predictions for the test part are read from `predictions.csv` and checked against the model.
  ///
  /// - Parameters:
  ///   - part: The part of the data set.
  ///   - threadCount: The number of worker threads.
  /// - Throws: `ExperimentError` or `FileError` if the run does not have the part, or if a file is missing or damaged.
  public func evaluated(_ part: DataPart, threadCount: Int) throws -> EvaluatedPart {
    let experiment = try experiment(threadCount: threadCount)
    let indices: [Int]
    switch part {
    case .test: indices = experiment.split.test
    case .train: indices = experiment.split.train
    case .validation:
      guard !experiment.split.validation.isEmpty else {
        throw ExperimentError(
          .usage, "\(path): the run has no validation part; make one with: mnist-train --validation-size")
      }
      indices = experiment.split.validation
    }
    let recorded = part == .test ? try testPredictions(experiment) : nil
    let samples = try samples(of: experiment, at: indices)
    return try EvaluatedPart(
      try recorded.map { try Self.samples($0, agreeingWith: samples, in: path) } ?? samples,
      of: data, part: part, source: name, classCount: record.configuration.architecture.outputCount)
  }

  /// The name of the run folder. A link at `path` is followed.
  public var name: String { FilePaths.name(of: FilePaths.resolved(path) ?? path) }

  private func testPredictions(_ experiment: Experiment) throws -> [PredictionTable.Row] {
    let name = RunFolder.path(of: .predictions, in: path)
    let bytes = try DurableFile.read(
      name, maximumByteCount: PredictionTable.maximumByteCount(predictionCount: experiment.split.test.count))
    // The bytes, the text and the parsed lines are in memory at the same time.
    try FileError.checkMemory(3 * bytes.count, for: name)
    return try ExperimentError.at(name) {
      try PredictionTable.parse(
        String(decoding: bytes, as: UTF8.self), of: experiment.split.test, labels: data.labels,
        classCount: record.configuration.architecture.outputCount)
    }
  }

  /// Returns the run's experiment, so that a caller can repeat the training.
  ///
  /// - Parameter threadCount: The number of worker threads.
  /// - Throws: `ExperimentError` if the settings are invalid. The kind is `badData`, because the settings come from a
  ///   file.
  public func experiment(threadCount: Int) throws(ExperimentError) -> Experiment {
    do { return try Experiment(record.configuration, data: data, threadCount: threadCount) } catch {
      throw ExperimentError(.badData, "\(RunFolder.path(of: .configuration, in: path)): \(error)")
    }
  }

  /// Returns the samples at some indices with the predictions of the run's model.
  ///
  /// - Throws: An error if the model does not have the run's architecture, or if an output is not finite.
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

  /// The largest accepted difference between a confidence in the file and the model's output.
  ///
  /// Small differences occur because instruction sets round differently.
  private static let tolerance = 1e-3

  /// Checks that the recorded predictions agree with the model's outputs, and returns both combined.
  ///
  /// Files of earlier versions have no losses. The losses of `samples` are then used instead.
  ///
  /// - Parameters:
  ///   - recorded: The lines of `predictions.csv`.
  ///   - samples: The model's predictions for the same samples.
  ///   - path: The path of the run folder, for error messages.
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
          "\(RunFolder.path(of: .predictions, in: path)): sample \(sample.index): expected the prediction "
            + "of \(RunFolder.File.model.rawValue), class \(sample.predicted) with the confidence \(sample.confidence) and the "
            + "loss \(sample.loss ?? 0), found class \(prediction.predicted) with the confidence \(prediction.confidence)"
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
