internal import Datasets
public import Evaluation
public import NeuralNetwork
internal import RandomSources
public import Splitting

/// Every training sample with what a network makes of it that has not seen it: the experiment's training, once for each
/// fold of the training part, on the others.
public struct OutOfFold: Sendable {
  /// The experiment whose training is repeated.
  public let experiment: Experiment
  /// Each fold's samples to train on and to predict, as indices into the data set.
  public let folds: [TrainTestSplit]
  private let source: NumPyRandomSource

  /// Divides an experiment's training part into folds.
  ///
  /// - Throws: `SplittingError` where there are too few samples for so many folds.
  public init(_ experiment: Experiment, foldCount: Int) throws(SplittingError) {
    self.experiment = experiment
    var source = NumPyRandomSource(seed: experiment.configuration.seed)
    let indices = experiment.split.train
    let labels = indices.map { experiment.data.labels[$0] }
    let places: [TrainTestSplit]
    do throws(SplittingError) {
      places = try StratifiedKFold(foldCount: foldCount).splits(labels: labels, using: &source)
    } catch .foldsExceedClasses {
      // So many classes that each has but a few samples: their shares are left to chance.
      places = try KFold(foldCount: foldCount).splits(sampleCount: labels.count, using: &source)
    }
    folds = places.map { fold in
      TrainTestSplit(train: fold.train.map { indices[$0] }, test: fold.test.map { indices[$0] })
    }
    self.source = source
  }

  /// Trains a network for each fold and predicts the samples that it has not seen.
  ///
  /// - Parameters:
  ///   - progress: called during each training, with the fold from 0 on.
  ///   - foldDone: called after each fold, with its samples.
  /// - Returns: all training samples, fold by fold.
  /// - Throws: where a training diverges, which leaves nothing to judge labels by.
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
          "the training without fold \(number + 1) of \(folds.count) diverged, so that there is nothing to judge labels by"
        )
      }
      samples += predicted
      foldDone(number, predicted)
    }
    return samples
  }
}
