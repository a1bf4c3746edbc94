internal import Evaluation
internal import NeuralNetwork

/// `metrics.json`: the report's numbers.
struct Metrics: Encodable {
  var accuracy: Double
  var errorCount: Int
  var testCount: Int
  /// The last completed epoch's; absent where none was completed.
  var cost: Double?
  /// The training loops' time alone.
  var trainingSeconds: Double
  var report: ClassificationReport

  init(_ result: ExperimentResult) {
    accuracy = result.report.accuracy
    errorCount = result.errors.count
    testCount = result.predictions.count
    cost = result.history.epochs.last?.cost
    trainingSeconds = result.history.epochs.reduce(0) { $0 + $1.seconds }
    report = result.report
  }
}
