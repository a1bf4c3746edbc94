public import Datasets
internal import DurableFiles
public import Evaluation
public import NeuralNetwork

/// A part of a data set with what a network makes of each of its samples.
public struct EvaluatedPart: Sendable {
  /// The data set.
  public let data: ImageDataset
  /// Which part of it.
  public let part: DataPart
  /// Where the network comes from, as the lists of a dump say it.
  public let source: String
  /// The samples of the part.
  public let samples: [PredictedSample]
  /// The errors in numbers.
  public let summary: ErrorSummary
  /// The classes' names, one for each output.
  public let classNames: [String]

  /// Creates a part, and sums its errors up.
  public init(
    _ samples: [PredictedSample], of data: ImageDataset, part: DataPart, source: String, classCount: Int
  ) throws(EvaluationError) {
    self.data = data
    self.part = part
    self.source = source
    self.samples = samples
    classNames = data.classNames(count: classCount)
    summary = try ErrorSummary(samples, classCount: classCount, knownLabelErrors: KnownLabelErrors.indices(in: data))
  }
}

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
    let indices =
      switch part {
      case .test: data.trainingCount..<data.count
      case .train: 0..<data.trainingCount
      case .validation: 0..<0
      }
    guard !indices.isEmpty else {
      throw ExperimentError(.usage, "\(data.name) has no \(part.adjective) part of its own; choose another --split")
    }
    return try ExperimentError.at(path) {
      let samples = try model.samples(of: data, at: Array(indices), threadCount: threadCount)
      try samples.requireFiniteOutputs()
      return try EvaluatedPart(
        samples, of: data, part: part, source: FilePaths.name(of: path),
        classCount: model.network.architecture.outputCount)
    }
  }
}

extension [PredictedSample] {
  /// Checks that all outputs are finite numbers, because nothing follows from others.
  func requireFiniteOutputs() throws(ExperimentError) {
    for sample in self {
      guard let wrong = sample.outputs.firstIndex(where: { !$0.isFinite }) else { continue }
      throw ExperimentError(
        .badData,
        "the output of class \(wrong) for sample \(sample.index): expected a finite number, found "
          + "\(sample.outputs[wrong])")
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
}
