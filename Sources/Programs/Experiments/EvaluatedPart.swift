public import Datasets
public import Evaluation

/// A part of a data set, with a network's prediction for each sample.
public struct EvaluatedPart: Sendable {
  /// The whole data set.
  public let data: ImageDataset
  /// The part of the data set.
  public let part: DataPart
  /// The name of the run folder or model file that contains the network. The lists of an error dump show this name.
  public let source: String
  /// The part's samples with their predictions.
  public let samples: [PredictedSample]
  /// The numbers of misclassified samples, in total and for each pair of classes.
  public let summary: ErrorSummary
  /// The name of each class, in the order of the network's outputs.
  public let classNames: [String]

  /// Creates a part and counts its misclassified samples.
  ///
  /// - Throws: `EvaluationError` if the number of a class is not below `classCount`.
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
  /// Checks that all outputs are finite numbers. An infinite or NaN output gives no meaningful prediction.
  ///
  /// - Throws: `ExperimentError` of the kind `badData` at the first output that is not finite.
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
