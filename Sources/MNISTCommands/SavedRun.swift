internal import Datasets
internal import DurableFiles
internal import NeuralNetwork

/// A run folder read back, with the data set that it was made from.
struct SavedRun {
  let path: String
  let record: RunRecord
  let data: ImageDataset

  /// Reads what a run was and loads its data set; both are checked to belong together.
  init(_ path: String, dataFolder: String) throws(CommandFailure) {
    self.path = path
    guard FilePaths.isFolder(path) else {
      throw CommandFailure(.missingInput, "\(path): there is no such run folder; make one with: mnist-train")
    }
    let name = FilePaths.join(path, RunFolder.File.configuration.rawValue)
    let record: RunRecord
    let bytes = try Self.read(name)
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

  /// The predictions for a part of the data: for the test part as the run left them, otherwise made anew.
  func predictions(for part: ErrorDump.Part) throws(CommandFailure) -> [Prediction] {
    let experiment = try experiment()
    switch part {
    case .test: return try testPredictions(experiment)
    case .train: return try newPredictions(experiment, for: experiment.parts.train)
    case .validation:
      guard !experiment.parts.validation.isEmpty else {
        throw CommandFailure(.usage, "\(path): the run has no validation part; mnist-train --validation-size makes one")
      }
      return try newPredictions(experiment, for: experiment.parts.validation)
    }
  }

  private func testPredictions(_ experiment: Experiment) throws(CommandFailure) -> [Prediction] {
    let name = FilePaths.join(path, RunFolder.File.predictions.rawValue)
    let bytes = try Self.read(name)
    do throws(CommandFailure) {
      return try TextTables.parsePredictions(
        String(decoding: bytes, as: UTF8.self), of: experiment.parts.test, labels: data.labels,
        classCount: record.configuration.architecture.outputCount)
    } catch {
      throw error.at(name)
    }
  }

  /// The run's experiment once more. What would be a wrong option on the command line is a damaged file here.
  private func experiment() throws(CommandFailure) -> Experiment {
    do throws(CommandFailure) {
      return try Experiment(record.configuration, data: data)
    } catch {
      throw CommandFailure(.badData, "\(FilePaths.join(path, RunFolder.File.configuration.rawValue)): \(error.message)")
    }
  }

  private func newPredictions(_ experiment: Experiment, for indices: [Int]) throws(CommandFailure) -> [Prediction] {
    let name = FilePaths.join(path, RunFolder.File.model.rawValue)
    let bytes = try Self.read(name)
    do {
      let model = try TrainedModel(parsing: bytes)
      guard model.network.architecture == record.configuration.architecture else {
        throw CommandFailure(
          .badData,
          "the architecture \(model.network.architecture), expected \(record.configuration.architecture) as in "
            + RunFolder.File.configuration.rawValue)
      }
      return try experiment.predictions(of: indices, by: model)
    } catch {
      throw CommandFailure(error).at(name)
    }
  }

  private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    do throws(FileError) { return try DurableFile.read(path) } catch { throw CommandFailure(error) }
  }
}
