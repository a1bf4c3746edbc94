internal import Datasets
public import Evaluation
public import NeuralNetwork
internal import RandomSources
public import Splitting

/// A prediction for every training sample, by a network that was not trained on that sample (k-fold cross-validation).
///
/// The training part is divided into folds. For each fold, a network is trained on all other folds. The network then
/// predicts the samples of the fold.
public struct OutOfFold: Sendable {
  /// The experiment whose training is repeated for each fold.
  public let experiment: Experiment
  /// The indices of the samples to train on and of the samples to predict, for each fold.
  public let folds: [TrainTestSplit]
  private let source: NumPyRandomSource

  /// Divides an experiment's training part into folds.
  ///
  /// - Throws: `SplittingError` if `foldCount` is below 2 or larger than the number of training samples.
  public init(_ experiment: Experiment, foldCount: Int) throws(SplittingError) {
    self.experiment = experiment
    var source = NumPyRandomSource(seed: experiment.configuration.seed)
    let indices = experiment.split.train
    let labels = indices.map { experiment.data.labels[$0] }
    let places: [TrainTestSplit]
    do throws(SplittingError) {
      places = try StratifiedKFold(foldCount: foldCount).splits(labels: labels, using: &source)
    } catch .foldsExceedClasses {
      // Stratified folds are impossible, because every class has fewer samples than there are folds.
      places = try KFold(foldCount: foldCount).splits(sampleCount: labels.count, using: &source)
    }
    folds = places.map { fold in
      TrainTestSplit(train: fold.train.map { indices[$0] }, test: fold.test.map { indices[$0] })
    }
    self.source = source
  }

  /// Trains a network for each fold and predicts the samples of that fold.
  ///
  /// - Parameters:
  ///   - progress: A closure that is called during each training run, with the fold's index. The first index is 0.
  ///   - foldDone: A closure that is called after each fold, with the fold's index and its predicted samples.
  /// - Returns: All training samples with their predictions, in the order of the folds.
  /// - Throws: `ExperimentError` if a training run diverges. The predictions of a diverged network cannot reveal wrong
  ///   labels.
  public func predictions(
    progress: (_ fold: Int, TrainingProgress) -> Void = { _, _ in },
    foldDone: (_ fold: Int, [PredictedSample]) -> Void = { _, _ in }
  ) throws -> [PredictedSample] {
    var source = source
    var samples: [PredictedSample] = []
    samples.reserveCapacity(experiment.split.train.count)
    for (number, fold) in folds.enumerated() {
      let (model, history) = try experiment.trained(on: fold.train, using: &source) {
        progress(number, $0)
        return .proceed
      }
      let predicted = try experiment.predictions(at: fold.test, by: model)
      guard history.end != .diverged, predicted.allSatisfy({ $0.outputs.allSatisfy(\.isFinite) }) else {
        throw ExperimentError(
          .badData,
          "the training for fold \(number + 1) of \(folds.count) diverged, so its labels cannot be checked; "
            + "repeat the run with a smaller --learning-rate")
      }
      samples += predicted
      foldDone(number, predicted)
    }
    return samples
  }
}
