internal import Datasets
internal import Evaluation
internal import Export

/// A part of a data set with what a network makes of each of its samples.
struct EvaluatedPart {
  let data: ImageDataset
  let part: DataPart
  /// Where the network comes from, as the lists of a dump say it.
  let source: String
  let samples: [PredictedSample]
  let summary: ErrorSummary
  /// The classes' names, one for each output.
  let classNames: [String]

  init(
    _ samples: [PredictedSample], of data: ImageDataset, part: DataPart, source: String, classCount: Int
  ) throws(CommandFailure) {
    self.data = data
    self.part = part
    self.source = source
    self.samples = samples
    classNames = data.classNames(count: classCount)
    do throws(EvaluationError) {
      summary = try ErrorSummary(
        samples, classCount: classCount, knownLabelErrors: KnownLabelErrors.indices(in: data))
    } catch {
      throw CommandFailure(error)
    }
  }
}
