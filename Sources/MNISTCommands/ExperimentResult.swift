internal import Evaluation
internal import NeuralNetwork

/// What an experiment gave.
struct ExperimentResult {
  let model: TrainedModel
  let history: TrainingHistory
  /// One for each test sample, in the order of the test part.
  let predictions: [Prediction]
  let report: ClassificationReport

  var errors: [Prediction] { predictions.filter(\.isError) }

  /// The report, the accuracy and the errors, as the article's script prints them.
  var text: String {
    var text = report.text() + "\n"
    text += "Accuracy: \(report.accuracy) (\(errors.count) errors of \(predictions.count))\n"
    for error in errors { text += "Actual: \(error.actual) Predicted: \(error.predicted)\n" }
    return text
  }
}
