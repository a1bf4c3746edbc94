public import Datasets
public import Evaluation

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
