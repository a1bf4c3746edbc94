internal import Datasets
internal import DurableFiles
internal import Evaluation
internal import Export
internal import NeuralNetwork

/// A run folder read back, with the data set that it was made from.
struct SavedRun {
  let path: String
  let record: RunRecord
  let data: ImageDataset

  /// Reads what a run was and loads its data set; both are checked to belong together.
  init(_ path: String, dataFolder: String?) throws(CommandFailure) {
    self.path = path
    try RunFolder.checkExists(path)
    let name = FilePaths.join(path, RunFolder.File.configuration.rawValue)
    guard FilePaths.exists(name) else {
      throw CommandFailure(
        .missingInput, "\(path): it is no run folder: \(RunFolder.File.configuration.rawValue) is missing")
    }
    let record: RunRecord
    let bytes = try Self.read(name, maximumByteCount: RunRecord.maximumByteCount)
    // A file of nothing but numbers takes 25 times as much when it is decoded.
    do throws(FileError) { try FileError.checkMemory(25 * bytes.count, for: name) } catch {
      throw CommandFailure(error)
    }
    do throws(CommandFailure) { record = try RunRecord(parsing: bytes) } catch { throw error.at(name) }
    data = try ImageDataset.forCommand(record.configuration.dataset, dataFolder: dataFolder)
    let found = RunRecord.DataFingerprint(data)
    guard found.sha256 != record.data.sha256 || found == record.data else {
      throw CommandFailure(.badData, "\(name): the key data contradicts its own sha256")
    }
    guard found == record.data else {
      throw CommandFailure(
        .badData,
        "\(path): made from another data set than \(record.configuration.dataset) is now: SHA-256 expected "
          + "\(record.data.sha256), found \(found.sha256)")
    }
    self.record = record
  }

  /// A part of the data with the network's outputs: for the test part the predictions are those that the run left, which
  /// have to be the model's.
  func evaluated(_ part: DataPart, threadCount: Int) throws(CommandFailure) -> EvaluatedPart {
    let experiment = try experiment(threadCount: threadCount)
    let indices: [Int]
    switch part {
    case .test: indices = experiment.parts.test
    case .train: indices = experiment.parts.train
    case .validation:
      guard !experiment.parts.validation.isEmpty else {
        throw CommandFailure(.usage, "\(path): the run has no validation part; mnist-train --validation-size makes one")
      }
      indices = experiment.parts.validation
    }
    let recorded = part == .test ? try testPredictions(experiment) : nil
    let samples = try samples(of: experiment, at: indices)
    return try EvaluatedPart(
      try recorded.map { (recorded) throws(CommandFailure) in
        try Self.samples(recorded, agreeingWith: samples, in: path)
      }
        ?? samples,
      of: data, part: part, source: name, classCount: record.configuration.architecture.outputCount)
  }

  /// The run's name: its folder's, also where a link leads there.
  var name: String { FilePaths.name(of: FilePaths.resolved(path) ?? path) }

  private func testPredictions(_ experiment: Experiment) throws(CommandFailure) -> [Prediction] {
    let name = FilePaths.join(path, RunFolder.File.predictions.rawValue)
    let bytes = try Self.read(
      name, maximumByteCount: TextTables.maximumByteCount(predictionCount: experiment.parts.test.count))
    // The text, and the records that it holds.
    do throws(FileError) { try FileError.checkMemory(3 * bytes.count, for: name) } catch { throw CommandFailure(error) }
    do throws(CommandFailure) {
      return try TextTables.parsePredictions(
        String(decoding: bytes, as: UTF8.self), of: experiment.parts.test, labels: data.labels,
        classCount: record.configuration.architecture.outputCount)
    } catch {
      throw error.at(name)
    }
  }

  /// The run's experiment once more. What would be a wrong option on the command line is a damaged file here.
  func experiment(threadCount: Int) throws(CommandFailure) -> Experiment {
    do throws(CommandFailure) {
      return try Experiment(record.configuration, data: data, threadCount: threadCount)
    } catch {
      throw CommandFailure(.badData, "\(FilePaths.join(path, RunFolder.File.configuration.rawValue)): \(error.message)")
    }
  }

  /// Samples with what the run's model makes of them.
  private func samples(of experiment: Experiment, at indices: [Int]) throws(CommandFailure) -> [PredictedSample] {
    let name = FilePaths.join(path, RunFolder.File.model.rawValue)
    let model = try SavedModel.read(name)
    guard model.network.architecture == record.configuration.architecture else {
      throw CommandFailure(
        .badData,
        "\(name): the architecture \(model.network.architecture), expected \(record.configuration.architecture) as in "
          + RunFolder.File.configuration.rawValue)
    }
    let samples: [PredictedSample]
    do {
      samples = try model.samples(
        of: data, at: indices, threadCount: experiment.trainer.threadCount,
        instructionSet: experiment.trainer.instructionSet)
    } catch {
      throw CommandFailure(error).at(name)
    }
    try samples.requireFiniteOutputs(of: name)
    return samples
  }

  /// How far a recorded number may be from the model's: another processor's instructions round differently.
  private static let tolerance = 1e-3

  /// The recorded predictions with the model's outputs; in earlier versions' records the losses are missing, and the model's
  /// are taken.
  private static func samples(
    _ recorded: [Prediction], agreeingWith samples: [PredictedSample], in path: String
  ) throws(CommandFailure) -> [PredictedSample] {
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
        throw CommandFailure(
          .badData,
          "\(FilePaths.join(path, RunFolder.File.predictions.rawValue)): sample \(sample.index): expected what "
            + "\(RunFolder.File.model.rawValue) says, class \(sample.predicted) with \(sample.confidence) and the loss "
            + "\(sample.loss ?? 0), found class \(prediction.predicted) with \(prediction.confidence)"
            + (prediction.loss.map { " and the loss \($0)" } ?? ""))
      }
      var joined = PredictedSample(prediction, outputs: sample.outputs)
      joined.loss = prediction.loss ?? sample.loss
      result.append(joined)
    }
    return result
  }

  private static func read(_ path: String, maximumByteCount: Int) throws(CommandFailure) -> [UInt8] {
    do throws(FileError) {
      return try DurableFile.read(path, maximumByteCount: maximumByteCount)
    } catch {
      throw CommandFailure(error)
    }
  }
}
