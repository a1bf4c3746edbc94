internal import Datasets
internal import Evaluation
internal import Export
internal import NeuralNetwork

/// What an experiment gave.
struct ExperimentResult {
  let model: TrainedModel
  let history: TrainingHistory
  /// One for each test sample, in the order of the test part.
  let predictions: [Prediction]
  let report: ClassificationReport

  /// The last completed epoch whose training is in the weights, or the one whose weights were kept; 0 for none.
  var weightsEpoch: Int { history.weightsEpoch ?? history.epochs.count }

  var errors: [Prediction] { predictions.filter(\.isError) }

  /// Where the training diverged: in which epoch, which weights are left, and what to try.
  var divergence: String? {
    guard let settings = model.training else { return nil }
    let count = predictions.count { !$0.isFinite }
    // No learning rate helps a network whose outputs are not finite before it is trained.
    let advice = weightsEpoch > 0 || count == 0 ? Self.advice(settings) : "try another initializer or normalization"
    guard history.end == .diverged else {
      return count == 0
        ? nil
        : "the training diverged: the outputs for \(count) of \(predictions.count) test samples are not finite numbers "
          + "after epoch \(history.epochs.count); \(advice)"
    }
    let kept = weightsEpoch == 0 ? "those before the training" : "those of epoch \(weightsEpoch)"
    return
      "the training diverged: in epoch \(history.epochs.count + 1) the cost or a weight is no longer a finite number; "
      + "the weights kept are \(kept); \(advice)"
  }

  /// What to try where a training with some settings has diverged.
  private static func advice(_ settings: TrainingSettings) -> String {
    var advice = ["a learning rate below \(settings.learningRate)"]
    if settings.weightDecay > 0 { advice.append("a weight decay below \(settings.weightDecay)") }
    if case .step(_, let factor) = settings.schedule, factor > 1 { advice.append("a step factor below \(factor)") }
    return "try " + advice.joined(separator: ", or ")
  }

  /// What is to say where the weights are not those of the last epoch asked for.
  var earlyStop: String? {
    let epochs = history.epochs.count
    if history.end == .stoppedEarly {
      return "stopped early after epoch \(epochs); the weights are those of epoch \(weightsEpoch)"
    }
    guard history.end == .completed, weightsEpoch != epochs else { return nil }
    return "the weights are those of epoch \(weightsEpoch), which has the lowest validation cost"
  }

  /// What is to say of a network that gives every sample the same class, which looks like success otherwise.
  var indifference: String? {
    guard divergence == nil, let first = predictions.first, predictions.contains(where: { $0.actual != first.actual }),
      predictions.allSatisfy({ $0.predicted == first.predicted })
    else { return nil }
    return
      "every test sample was given the class \(model.classNames[first.predicted]): the network has learned nothing; "
      + "try another --learning-rate, more --epochs or --preset fast"
  }

  /// What kind of errors they are.
  func summary(of experiment: Experiment) throws(EvaluationError) -> ErrorSummary {
    try ErrorSummary(
      actual: predictions.map(\.actual), predicted: predictions.map(\.predicted), indices: predictions.map(\.index),
      classCount: model.classNames.count, knownLabelErrors: KnownLabelErrors.indices(in: experiment.data))
  }

  /// The report, the accuracy and the errors, as the article's script prints them; the accuracy's interval, too.
  var text: String {
    var text = report.text() + "\n"
    let interval = ProportionInterval(
      successCount: predictions.count - errors.count, sampleCount: predictions.count)
    text += "Accuracy: \(report.accuracy) (\(errors.count) errors of \(predictions.count); 95 % interval \(interval))\n"
    for error in errors { text += "Actual: \(error.actual) Predicted: \(error.predicted)\n" }
    return text
  }
}
