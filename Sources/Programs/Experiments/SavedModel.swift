internal import DatasetFormats
public import Datasets
internal import DurableFiles
internal import Evaluation
internal import Memory
public import NeuralNetwork

/// A model's file with a data set to try it on, which need not be the one that it was trained on.
public struct SavedModel: Sendable {
  /// The model's file.
  public let path: String
  /// The model.
  public let model: TrainedModel
  /// The data set.
  public let data: ImageDataset

  /// Reads a model and a data set; both are checked to suit each other.
  public init(_ path: String, dataset: String, dataFolder: String?) throws {
    self.path = path
    model = try TrainedModel.read(path)
    data = try ImageDataset.read(dataset, dataFolder: dataFolder)
    guard model.rowCount == data.rowCount, model.columnCount == data.columnCount else {
      throw ExperimentError(
        .usage,
        "\(path): the model is for images of \(model.rowCount)x\(model.columnCount), but those of \(data.name) are of "
          + "\(data.rowCount)x\(data.columnCount)")
    }
    let outputCount = model.network.architecture.outputCount
    if let label = data.labels.max(), label >= outputCount {
      throw ExperimentError(
        .usage, "\(path): the model has \(outputCount) classes, but \(data.name) has the label \(label)")
    }
  }

  /// Returns a part of the data by the data set's own division; the test part where none is named, or all where there is none.
  public func evaluated(_ part: DataPart?, threadCount: Int) throws -> EvaluatedPart {
    let part = part ?? (data.testCount > 0 ? .test : .train)
    let indices = data.indices(of: part)
    guard !indices.isEmpty else {
      throw ExperimentError(.usage, "\(data.name) has no \(part.adjective) part of its own; choose another --split")
    }
    return try ExperimentError.at(path) {
      let samples = try model.predictions(of: data, at: Array(indices), threadCount: threadCount)
      try samples.requireFiniteOutputs()
      return try EvaluatedPart(
        samples, of: data, part: part, source: FilePaths.name(of: path),
        classCount: model.network.architecture.outputCount)
    }
  }
}

extension TrainedModel {
  /// Reads the model in a file, its header first. Errors begin with the path.
  public static func read(_ path: String) throws -> TrainedModel {
    try ExperimentError.at(path) {
      let file = try FileReader(path)
      return try TrainedModel(byteCount: file.byteCount, reading: file.read)
    }
  }

  /// Returns the memory that predictions take, in bytes: outputs as one matrix and as an array for each sample, and records.
  static func predictionByteCount(sampleCount: Int, classCount: Int) -> Int { sampleCount * (classCount * 16 + 256) }

  /// Returns some of a data set's samples with the model's outputs for them, in the order of their indices' list.
  ///
  /// After a training that diverged an output may be no number, and is worth nothing.
  func predictions(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws -> [PredictedSample] {
    try AvailableMemory.check(Self.predictionByteCount(sampleCount: indices.count, classCount: classNames.count))
    let predictions = try outputsAndClasses(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    // The loss that it was trained by, or one that goes with its outputs.
    let loss = training?.loss ?? Loss(suiting: network.form.outputActivation)
    return PredictedSample.samples(
      at: indices, labels: data.labels, outputs: predictions.outputs, classes: predictions.classes, loss: loss.value)
  }
}

extension ImageDataset {
  /// Reads a data set by its name in the catalogue, or of any format by its path. An error about one that is missing names
  /// the command that provides it.
  ///
  /// - Parameter dataFolder: Where the catalogue's data sets are kept; nil where no such folder is known.
  public static func read(_ nameOrPath: String, dataFolder: String?) throws(ExperimentError) -> ImageDataset {
    let known = DatasetCatalogue.description(named: nameOrPath)
    if known == nil, FilePaths.exists(nameOrPath) {
      do throws(ConversionError) { return try read(nameOrPath) } catch {
        guard case .csv(_, .unknownSize) = error else { throw ExperimentError(error) }
        throw ExperimentError(
          .badData, "\(error); tell them with: mnist-fetch-convert \(nameOrPath) --to npz --image-size ROWSxCOLUMNS")
      }
    }
    do throws(DatasetError) {
      return try named(nameOrPath, dataFolder: dataFolder)
    } catch {
      let error = ExperimentError(error)
      guard error.kind == .missingInput, let known else { throw error }
      throw ExperimentError(.missingInput, "\(error.message); provide it with: mnist-fetch-convert \(known.name)")
    }
  }
}
