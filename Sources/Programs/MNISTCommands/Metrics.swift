internal import Evaluation
internal import Export
internal import NeuralNetwork

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

  init(_ result: ExperimentResult, of experiment: Experiment) throws {
    let history = result.history
    func finite(_ cost: Double?) -> Double? { cost.flatMap { $0.isFinite ? $0 : nil } }
    accuracy = result.report.accuracy
    errorCount = result.errors.count
    testCount = result.predictions.count
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
    errors = try result.summary(of: experiment)
    accuracyInterval = errors.accuracyInterval
  }
}
