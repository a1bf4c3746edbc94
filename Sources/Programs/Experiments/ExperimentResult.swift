internal import Datasets
public import Evaluation
public import NeuralNetwork

/// What an experiment gave.
public struct ExperimentResult: Sendable {
  /// The trained model.
  public let model: TrainedModel
  /// What the training went through.
  public let history: TrainingHistory
  /// The samples of the test part with what the model makes of them, in the order of the part.
  public let samples: [PredictedSample]
  /// The scores of each class.
  public let report: ClassificationReport
  /// The errors in numbers.
  public let errorSummary: ErrorSummary

  init(
    model: TrainedModel, history: TrainingHistory, samples: [PredictedSample], data: ImageDataset
  ) throws(EvaluationError) {
    self.model = model
    self.history = history
    self.samples = samples
    report = try ClassificationReport(
      actual: samples.map(\.actual), predicted: samples.map(\.predicted), classCount: model.classNames.count,
      classNames: model.classNames)
    errorSummary = try ErrorSummary(
      samples, classCount: model.classNames.count, knownLabelErrors: KnownLabelErrors.indices(in: data))
  }

  /// The last completed epoch whose training is in the weights, or the one whose weights were kept; 0 for none.
  public var weightsEpoch: Int { history.weightsEpoch ?? history.epochs.count }

  /// The samples of the test part that were taken for another class than their own.
  public var errors: [PredictedSample] { samples.filter(\.isError) }

  /// The errors, those with the largest loss first; outputs that are no numbers come before all others.
  public var worstErrors: [PredictedSample] {
    errors.sorted { $0.isWorse(than: $1) }
  }

  /// Where the training diverged: in which epoch, which weights are left, and what to try; nil where it did not.
  public var divergence: String? {
    guard let settings = model.training else { return nil }
    let count = samples.count { !$0.outputs[$0.predicted].isFinite }
    // No learning rate helps a network whose outputs are not finite before it is trained.
    let advice = weightsEpoch > 0 || count == 0 ? Self.advice(settings) : "try another initializer or normalization"
    guard history.end == .diverged else {
      return count == 0
        ? nil
        : "the training diverged: the outputs for \(count) of \(samples.count) test samples are not finite numbers "
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

  /// What is to say where the weights are not those of the last epoch asked for; nil where they are.
  public var earlyStop: String? {
    let epochs = history.epochs.count
    if history.end == .stoppedEarly {
      return "stopped early after epoch \(epochs); the weights are those of epoch \(weightsEpoch)"
    }
    guard history.end == .completed, weightsEpoch != epochs else { return nil }
    return "the weights are those of epoch \(weightsEpoch), which has the lowest validation cost"
  }

  /// What is to say of a network that gives every sample the same class, which looks like success otherwise; nil for any
  /// other.
  public var indifference: String? {
    guard divergence == nil, let first = samples.first, samples.contains(where: { $0.actual != first.actual }),
      samples.allSatisfy({ $0.predicted == first.predicted })
    else { return nil }
    return
      "every test sample was given the class \(model.classNames[first.predicted]): the network has learned nothing; "
      + "try another --learning-rate, more --epochs or --preset fast"
  }

  /// Returns the report, the accuracy and the errors, as the article's script prints them; the accuracy's interval, too.
  ///
  /// - Parameters:
  ///   - maximumErrorCount: The most errors that are listed.
  ///   - runFolder: Where the others are to be found.
  public func text(maximumErrorCount: Int = .max, othersIn runFolder: String = RunFolder.latestPath) -> String {
    let errors = errors
    var text = report.text() + "\n"
    text += "Accuracy: \(report.accuracy) (\(errors.count) errors of \(samples.count); "
    text += "95 % interval \(errorSummary.accuracyInterval))\n"
    for error in errors.prefix(maximumErrorCount) { text += "Actual: \(error.actual) Predicted: \(error.predicted)\n" }
    if errors.count > maximumErrorCount {
      text += "... and \(errors.count - maximumErrorCount) more, in \(RunFolder.path(of: .predictions, in: runFolder)) "
      text += "and as pictures by: mnist-dump-errors \(runFolder)\n"
    }
    return text
  }
}
