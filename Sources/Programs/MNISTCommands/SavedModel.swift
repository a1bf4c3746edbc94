internal import Datasets
internal import DurableFiles
internal import Export
internal import NeuralNetwork

/// A model's file with a data set to try it on, which need not be the one that it was trained on.
struct SavedModel {
  let path: String
  let model: TrainedModel
  let data: ImageDataset

  /// Reads a model and a data set; both are checked to suit each other.
  init(_ path: String, dataset: String, dataFolder: String?) throws(CommandFailure) {
    self.path = path
    model = try Self.read(path)
    data = try ImageDataset.forCommand(dataset, dataFolder: dataFolder)
    guard model.rowCount == data.rowCount, model.columnCount == data.columnCount else {
      throw CommandFailure(
        .usage,
        "\(path): the model is for images of \(model.rowCount)x\(model.columnCount), but those of \(data.name) are of "
          + "\(data.rowCount)x\(data.columnCount)")
    }
    let outputCount = model.network.architecture.outputCount
    if let label = data.labels.max(), label >= outputCount {
      throw CommandFailure(
        .usage, "\(path): the model has \(outputCount) classes, but \(data.name) has the label \(label)")
    }
  }

  /// A part of the data by the data set's own division; the test part where none is named, or all where there is none.
  func evaluated(_ part: DataPart?, threadCount: Int) throws(CommandFailure) -> EvaluatedPart {
    let part = part ?? (data.testCount > 0 ? .test : .train)
    let indices =
      switch part {
      case .test: data.trainingCount..<data.count
      case .train: 0..<data.trainingCount
      case .validation: 0..<0
      }
    guard !indices.isEmpty else {
      throw CommandFailure(.usage, "\(data.name) has no \(part.adjective) part of its own; choose another --split")
    }
    do {
      let samples = try model.samples(of: data, at: Array(indices), threadCount: threadCount)
      try samples.requireFiniteOutputs(of: path)
      return try EvaluatedPart(
        samples, of: data, part: part, source: FilePaths.name(of: path),
        classCount: model.network.architecture.outputCount)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(error).at(path)
    }
  }

  /// Reads the model in a file, its header first. Errors begin with the path.
  static func read(_ path: String) throws(CommandFailure) -> TrainedModel {
    do {
      let file = try FileReader(path)
      return try TrainedModel(byteCount: file.byteCount, reading: file.read)
    } catch let error as FileError {
      throw CommandFailure(error)
    } catch {
      throw CommandFailure(error).at(path)
    }
  }
}
