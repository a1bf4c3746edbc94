internal import Datasets
internal import Evaluation
internal import Export
internal import Matrices
internal import NeuralNetwork
internal import RunReport

/// `report.html`: a run as a page.
enum RunPage {
  /// The page of a run.
  ///
  /// - Parameters:
  ///   - result: what came out.
  ///   - experiment: what was done.
  ///   - record: what tells the data from any other.
  static func report(_ result: ExperimentResult, of experiment: Experiment, record: RunRecord) throws -> RunReport {
    let (data, configuration) = (experiment.data, experiment.configuration)
    let knownLabelErrors = Set(KnownLabelErrors.indices(in: data))
    let knownCounts = try result.summary(of: experiment).knownLabelErrors
    return RunReport(
      data: DataSummary(
        name: data.name, title: title(configuration.dataset),
        sha256: record.data.sha256, trainingCount: experiment.parts.train.count,
        validationCount: experiment.parts.validation.count, testCount: experiment.parts.test.count),
      model: result.model,
      history: result.history,
      confusionMatrix: try ConfusionMatrix(
        actual: result.predictions.map(\.actual), predicted: result.predictions.map(\.predicted),
        classCount: result.model.classNames.count),
      errors: try worstErrors(result, of: experiment, knownLabelErrors: knownLabelErrors),
      knownLabelErrors: knownCounts.map {
        KnownLabelErrorCount(sampleCount: $0.sampleCount, errorCount: $0.errorCount)
      },
      reproduction: Reproduction(
        commandLine: ["mnist-train"] + configuration.arguments(for: data),
        settings: configuration.settings, version: record.version),
      notes: notes(result, epochs: configuration.training.epochs))
  }

  /// What the catalogue says that a data set is, without the further remarks behind a comma.
  private static func title(_ dataset: String) -> String? {
    DatasetCatalogue.description(named: dataset).map { String($0.title.prefix { $0 != "," }) }
  }

  /// As many of the errors as a page shows, with their outputs.
  private static func worstErrors(
    _ result: ExperimentResult, of experiment: Experiment, knownLabelErrors: Set<Int>
  ) throws -> [Misclassification] {
    let errors = result.errors.sorted { ($1.loss ?? .infinity, $0.index) < ($0.loss ?? .infinity, $1.index) }
      .prefix(RunReport.maximumGalleryCount)
    let outputs = try experiment.outputs(of: errors.map(\.index), by: result.model)
    return errors.enumerated().map { row, error in
      Misclassification(
        index: error.index, actual: error.actual, predicted: error.predicted, loss: error.loss,
        outputs: Array(outputs.row(row)), pixels: Array(experiment.data.image(error.index)),
        hasKnownLabelError: knownLabelErrors.contains(error.index))
    }
  }

  private static func notes(_ result: ExperimentResult, epochs: Int) -> [String] {
    let reached = result.history.epochs.count
    let kept = result.history.weightsEpoch.map { "those of epoch \($0), the best so far" } ?? "those reached then"
    let interruption =
      result.history.wasStopped
      ? "the training was interrupted in epoch \(reached + 1) of \(epochs); the weights are \(kept)" : nil
    return [result.divergence, interruption, result.earlyStop, result.indifference].compactMap { remark in
      remark.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    }
  }
}
