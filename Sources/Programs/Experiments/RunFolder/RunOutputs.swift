internal import Datasets
internal import Drawing
internal import Evaluation
internal import NeuralNetwork
internal import RunReport
internal import Splitting

/// The format of `history.csv`: one line for each epoch, with numbers at full precision.
enum HistoryTable {
  static func text(_ history: TrainingHistory, hasValidation: Bool) -> String {
    var text = "epoch,cost,seconds,accuracy,learning_rate"
    text += (hasValidation ? ",validation_cost,validation_accuracy" : "") + "\n"
    for epoch in history.epochs {
      var cells = [epoch.cost, epoch.seconds, epoch.training.accuracy, epoch.learningRate]
      if let validation = epoch.validation { cells += [validation.cost, validation.accuracy] }
      text += "\(epoch.epoch)," + cells.map { "\($0)" }.joined(separator: ",") + "\n"
    }
    return text
  }
}

/// The chart in `cost.svg`: the cost of each epoch, as in the article.
enum CostCurve {
  static func chart(_ history: TrainingHistory, of experiment: Experiment) -> LineChart {
    let configuration = experiment.configuration
    func series(_ name: String, _ cost: (EpochRecord) -> Double?) -> LineChart.Series {
      LineChart.Series(
        name: name, points: history.epochs.compactMap { epoch in cost(epoch).map { (x: Double(epoch.epoch), y: $0) } })
    }
    let hasValidation = !experiment.split.validation.isEmpty
    return LineChart(
      title:
        "Cost per epoch: \(experiment.data.name), \(configuration.architecture), rate \(configuration.training.learningRate)",
      xLabel: "epoch", yLabel: "cost",
      series: hasValidation
        ? [series("training", \.cost), series("validation", \.validation?.cost)] : [series("cost", \.cost)])
  }
}

/// The content of `metrics.json`: the scores, and numbers about the training. Costs that are not finite are left out.
struct Metrics: Encodable {
  var accuracy: Double
  /// The 95 % confidence interval of the accuracy.
  var accuracyInterval: ProportionInterval
  var errorCount: Int
  var testCount: Int
  /// The cost in the last completed epoch; absent if no epoch was completed.
  var cost: Double?
  /// The last completed epoch whose updates are in the model's weights, counted from 1; 0 if there is no such epoch.
  var weightsEpoch: Int
  /// The accuracy on the training part in the epoch `weightsEpoch`.
  var trainingAccuracy: Double?
  /// The validation cost in the epoch `weightsEpoch`; absent without a validation part.
  var validationCost: Double?
  /// The accuracy on the validation part in the epoch `weightsEpoch`; absent without a validation part.
  var validationAccuracy: Double?
  /// The reason why the training ended.
  var end: TrainingHistory.End
  /// The duration of the training loop in seconds. Reading, predicting and writing are not included.
  var trainingSeconds: Double
  /// The number of worker threads. In the file, only `trainingSeconds` depends on this number.
  var threads: Int
  var report: ClassificationReport
  /// The misclassified samples for each pair of classes, and the accuracy without labels that are known to be wrong.
  var errors: ErrorSummary

  init(_ result: ExperimentResult, of experiment: Experiment) {
    let history = result.history
    func finite(_ cost: Double?) -> Double? { cost.flatMap { $0.isFinite ? $0 : nil } }
    accuracy = result.report.accuracy
    errorCount = result.errorSummary.errorCount
    testCount = result.samples.count
    cost = finite(history.epochs.last?.cost)
    weightsEpoch = result.weightsEpoch
    let kept = history.epochs.first { $0.epoch == result.weightsEpoch }
    trainingAccuracy = kept?.training.accuracy
    validationCost = finite(kept?.validation?.cost)
    validationAccuracy = kept?.validation?.accuracy
    end = history.end
    trainingSeconds = history.epochs.reduce(0) { $0 + $1.seconds }
    threads = experiment.trainer.threadCount
    report = result.report
    errors = result.errorSummary
    accuracyInterval = errors.accuracyInterval
  }
}

/// The report page, `report.html`.
enum RunPage {
  /// Returns the report page of a run.
  ///
  /// - Parameters:
  ///   - result: The result of the experiment.
  ///   - experiment: The experiment.
  ///   - record: The record of the run. It contains the version of the programs and the SHA-256 of the data set.
  static func report(_ result: ExperimentResult, of experiment: Experiment, record: RunRecord) throws -> RunReport {
    let (data, configuration, split) = (experiment.data, experiment.configuration, experiment.split)
    let knownLabelErrors = Set(KnownLabelErrors.indices(in: data))
    return RunReport(
      data: DataSummary(
        name: data.name, title: title(configuration.dataset), sha256: record.data.sha256,
        trainingCount: split.train.count, validationCount: split.validation.count, testCount: split.test.count),
      model: result.model,
      history: result.history,
      confusionMatrix: try ConfusionMatrix(
        actual: result.samples.map(\.actual), predicted: result.samples.map(\.predicted),
        classCount: result.model.classNames.count),
      errors: result.worstErrors.prefix(RunReport.maximumGalleryCount).map { error in
        Misclassification(
          error, pixels: Array(data.image(error.index)), hasKnownLabelError: knownLabelErrors.contains(error.index))
      },
      knownLabelErrors: result.errorSummary.knownLabelErrors,
      reproduction: Reproduction(
        commandLine: ["mnist-train"] + (try configuration.arguments(for: data)),
        settings: Setting.all.compactMap { setting in
          setting.page.map { Reproduction.Setting($0.name, $0.text(configuration)) }
        }, version: record.version),
      notes: notes(result, epochs: configuration.training.epochs))
  }

  /// Returns the data set's title in the catalogue, up to the first comma; nil if the data set is not in the catalogue.
  private static func title(_ dataset: String) -> String? {
    DatasetCatalogue.description(named: dataset).map { String($0.title.prefix { $0 != "," }) }
  }

  private static func notes(_ result: ExperimentResult, epochs: Int) -> [String] {
    let reached = result.history.epochs.count
    let kept =
      result.history.weightsEpoch.map { "those of epoch \($0), the best so far" }
      ?? "those at the moment of the interruption"
    let interruption =
      result.history.wasStopped
      ? "the training was interrupted in epoch \(reached + 1) of \(epochs); the weights are \(kept)" : nil
    return [result.divergence, interruption, result.earlyStop, result.indifference].compactMap { note in
      note.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    }
  }
}
