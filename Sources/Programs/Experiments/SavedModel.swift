internal import DatasetFormats
public import Datasets
internal import DurableFiles
internal import Evaluation
internal import Foundation
internal import Memory
public import NeuralNetwork
internal import RunReport

/// A saved model with a data set for its evaluation. The model may have been trained on another data set.
public struct SavedModel: Sendable {
  /// The path of the model file.
  public let path: String
  /// The model.
  public let model: TrainedModel
  /// The data set.
  public let data: ImageDataset

  /// Reads a model and a data set, and checks that the model can predict the data set.
  ///
  /// - Parameters:
  ///   - path: The path of the model file.
  ///   - dataset: The data set's name in the catalogue, or its path.
  ///   - dataFolder: The folder with the data sets of the catalogue; nil if there is no such folder.
  /// - Throws: `ExperimentError` of the kind `usage` if the model expects another image size, or has no output for a
  ///   label.
  public init(_ path: String, dataset: String, dataFolder: String?) throws {
    self.path = path
    model = try TrainedModel.read(path)
    data = try ImageDataset.read(dataset, dataFolder: dataFolder)
    guard model.rowCount == data.rowCount, model.columnCount == data.columnCount else {
      throw ExperimentError(
        .usage,
        "\(path): the model takes images of \(model.rowCount)x\(model.columnCount) pixels, but \(data.name) has images of "
          + "\(data.rowCount)x\(data.columnCount)")
    }
    let outputCount = model.network.architecture.outputCount
    if let label = data.labels.max(), label >= outputCount {
      throw ExperimentError(
        .usage, "\(path): the model has \(outputCount) classes, but \(data.name) has the label \(label)")
    }
  }

  /// Returns a part of the data set with the model's predictions.
  ///
  /// - Parameters:
  ///   - part: The part. If nil, the test part is predicted, or all samples if the data set has no test part.
  ///   - threadCount: The number of worker threads.
  /// - Throws: `ExperimentError` if the data set does not have the part, or if an output is not a finite number.
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
  /// Reads a model file.
  ///
  /// The header is checked before the tensors are read.
  ///
  /// - Throws: An error if the file is missing or damaged. The error's message begins with the path.
  public static func read(_ path: String) throws -> TrainedModel {
    try ExperimentError.at(path) {
      let file = try FileReader(path)
      return try TrainedModel(byteCount: file.byteCount, reading: file.read)
    }
  }

  /// Returns an upper bound for the memory that predictions need, in bytes.
  ///
  /// The outputs are stored twice: in one matrix, and in an array for each sample. Each sample also needs a record.
  static func predictionByteCount(sampleCount: Int, classCount: Int) -> Int { sampleCount * (classCount * 16 + 256) }

  /// Returns the model's predictions for the samples at some indices, in the order of `indices`.
  ///
  /// If the training run diverged, an output may be infinite or NaN. The caller must check the outputs.
  func predictions(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws -> [PredictedSample] {
    try AvailableMemory.check(Self.predictionByteCount(sampleCount: indices.count, classCount: classNames.count))
    let predictions = try outputsAndClasses(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    // The loss function of the training. If the file names no loss function, the output activation determines it.
    let loss = training?.loss ?? Loss(suiting: network.form.outputActivation)
    return PredictedSample.samples(
      at: indices, labels: data.labels, outputs: predictions.outputs, classes: predictions.classes, loss: loss.value)
  }
}

extension ImageDataset {
  /// Reads a data set by its name in the catalogue, or by the path of a file or folder in any known format.
  ///
  /// - Parameters:
  ///   - nameOrPath: The name or path. A name of the catalogue takes precedence.
  ///   - dataFolder: The folder with the data sets of the catalogue; nil if there is no such folder.
  /// - Throws: `ExperimentError` if the data set is missing or damaged. If a data set of the catalogue is missing, the
  ///   message names the command that downloads it.
  public static func read(_ nameOrPath: String, dataFolder: String?) throws(ExperimentError) -> ImageDataset {
    let known = DatasetCatalogue.description(named: nameOrPath)
    if known == nil, FilePaths.exists(nameOrPath) {
      do throws(ConversionError) { return try read(nameOrPath) } catch {
        guard case .csv(_, .unknownSize) = error else { throw ExperimentError(error) }
        throw ExperimentError(
          .badData, "\(error); give the size with: mnist-fetch-convert \(nameOrPath) --to npz --image-size ROWSxCOLUMNS"
        )
      }
    }
    do throws(DatasetError) {
      return try named(nameOrPath, dataFolder: dataFolder)
    } catch {
      let error = ExperimentError(error)
      guard error.kind == .missingInput, let known else { throw error }
      let command = fetchCommand(for: known.name, dataFolder: dataFolder)
      throw ExperimentError(.missingInput, "\(error.message); download it with: \(command)")
    }
  }

  /// Returns the shell command that fetches a data set into a data folder.
  ///
  /// The command has the option `--data-dir` only if the folder differs from the programs' default.
  ///
  /// - Parameters:
  ///   - name: The data set's name in the catalogue.
  ///   - dataFolder: The path of the data folder; nil for the default.
  package static func fetchCommand(for name: String, dataFolder: String?) -> String {
    var arguments = ["mnist-fetch-convert", name]
    if let dataFolder, dataFolder != DataFolder.path(environment: ProcessInfo.processInfo.environment) {
      arguments += ["--data-dir", dataFolder]
    }
    return Reproduction.shellCommand(arguments)
  }
}
