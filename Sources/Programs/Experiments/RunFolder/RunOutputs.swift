internal import Datasets
internal import Drawing
internal import Evaluation
internal import NeuralNetwork
internal import RunReport
internal import Splitting

/// `history.csv`: a line for each epoch, numbers at full precision.
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

/// The cost against the epoch, as the article draws it.
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

/// `metrics.json`: the report's numbers, and how the training went. A cost that is no finite number is left out.
struct Metrics: Encodable {
  var accuracy: Double
  /// Between which bounds it lies with a confidence of 95 %.
  var accuracyInterval: ProportionInterval
  var errorCount: Int
  var testCount: Int
  /// The last completed epoch's; absent where none was completed.
  var cost: Double?
  /// The epoch that the weights are from, 0 for those before the training; the next three are of that epoch.
  var weightsEpoch: Int
  var trainingAccuracy: Double?
  /// Absent where there is no validation part.
  var validationCost: Double?
  var validationAccuracy: Double?
  /// Why the training ended.
  var end: TrainingHistory.End
  /// The training loops' time alone.
  var trainingSeconds: Double
  /// The threads that shared the work; no other number but the seconds depends on them.
  var threads: Int
  var report: ClassificationReport
  /// The errors by pairs of classes, and what labels that are known to be wrong come to.
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

/// `report.html`: a run as a page.
enum RunPage {
  /// Returns the page of a run.
  ///
  /// - Parameters:
  ///   - result: What came out.
  ///   - experiment: What was done.
  ///   - record: What tells the data from any other.
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

  /// What the catalogue says that a data set is, without the further remarks behind a comma.
  private static func title(_ dataset: String) -> String? {
    DatasetCatalogue.description(named: dataset).map { String($0.title.prefix { $0 != "," }) }
  }

  private static func notes(_ result: ExperimentResult, epochs: Int) -> [String] {
    let reached = result.history.epochs.count
    let kept = result.history.weightsEpoch.map { "those of epoch \($0), the best so far" } ?? "those reached then"
    let interruption =
      result.history.wasStopped
      ? "the training was interrupted in epoch \(reached + 1) of \(epochs); the weights are \(kept)" : nil
    return [result.divergence, interruption, result.earlyStop, result.indifference].compactMap { note in
      note.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    }
  }
}
