internal import Datasets
public import Evaluation
public import NeuralNetwork

/// The result of an experiment: the model, the history of its training, and its predictions for the test part.
public struct ExperimentResult: Sendable {
  /// The trained model.
  public let model: TrainedModel
  /// The record of each completed epoch, and the reason why the training ended.
  public let history: TrainingHistory
  /// The test samples with the model's predictions, in the order of the test part.
  public let samples: [PredictedSample]
  /// The precision, recall and F1 score of each class, and the accuracy.
  public let report: ClassificationReport
  /// The numbers of misclassified test samples, in total and for each pair of classes.
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

  /// The last completed epoch whose updates are in the model's weights, counted from 1; 0 if there is no such epoch.
  public var weightsEpoch: Int { history.weightsEpoch ?? history.epochs.count }

  /// The misclassified test samples, in the order of the test part.
  public var errors: [PredictedSample] { samples.filter(\.isError) }

  /// The misclassified test samples, the largest loss first. Samples with NaN outputs come before all others.
  public var worstErrors: [PredictedSample] {
    errors.sorted { $0.isWorse(than: $1) }
  }

  /// A sentence about a training run that diverged; nil if the training did not diverge.
  ///
  /// The sentence says in which epoch the training diverged, which weights were saved, and what to try.
  public var divergence: String? {
    guard let settings = model.training else { return nil }
    let count = samples.count { !$0.outputs[$0.predicted].isFinite }
    // If the outputs are not finite before the training, another learning rate cannot help.
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

  /// Returns a recommendation of other settings for a training run that diverged.
  private static func advice(_ settings: TrainingSettings) -> String {
    var advice = ["a learning rate below \(settings.learningRate)"]
    if settings.weightDecay > 0 { advice.append("a weight decay below \(settings.weightDecay)") }
    if case .step(_, let factor) = settings.schedule, factor > 1 { advice.append("a step factor below \(factor)") }
    return "try " + advice.joined(separator: ", or ")
  }

  /// A sentence that names the epoch of the saved weights; nil if that epoch is the last requested epoch.
  public var earlyStop: String? {
    let epochs = history.epochs.count
    if history.end == .stoppedEarly {
      return "stopped early after epoch \(epochs); the weights are those of epoch \(weightsEpoch)"
    }
    guard history.end == .completed, weightsEpoch != epochs else { return nil }
    return "the weights are those of epoch \(weightsEpoch), which has the lowest validation cost"
  }

  /// A warning about a network that predicts the same class for every test sample; nil for any other network.
  ///
  /// Without this warning, the training run would look successful, because all its steps succeeded.
  public var indifference: String? {
    guard divergence == nil, let first = samples.first, samples.contains(where: { $0.actual != first.actual }),
      samples.allSatisfy({ $0.predicted == first.predicted })
    else { return nil }
    return
      "the network predicts the class \(model.classNames[first.predicted]) for every test sample, so it has learned nothing; "
      + "try another --learning-rate, more --epochs or --preset fast"
  }

  /// Returns the text that the article's script prints: the report, the accuracy, and the misclassified samples.
  ///
  /// The accuracy line also contains the 95 % confidence interval, which the article's script does not print.
  ///
  /// - Parameters:
  ///   - maximumErrorCount: The largest number of misclassified samples in the list.
  ///   - runFolder: The run folder. If the list is incomplete, the last line names this folder.
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
