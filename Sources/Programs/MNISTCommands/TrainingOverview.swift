package import NeuralNetwork

/// What a training has come to so far, as a display needs it.
package struct TrainingOverview {
  /// A quality at some moment, which is counted in epochs from the beginning.
  struct Moment {
    var epoch: Double
    var costAndAccuracy: CostAndAccuracy
  }

  /// More moments than any terminal has dots in a row.
  private static let maximumCount = 4096

  /// The last report.
  private(set) var progress: TrainingProgress
  /// Of completed epochs, and within the first one of what was done so far.
  private var trainingMoments: [Moment] = []
  /// After completed epochs.
  private(set) var validation: [Moment] = []
  /// The completed epoch with the lowest validation cost, or the lowest training cost where there is no validation part.
  private(set) var best: (epoch: Int, costAndAccuracy: CostAndAccuracy)?

  /// An overview of a training that has just made its first report.
  package init(_ progress: TrainingProgress) {
    self.progress = progress
    note(progress)
  }

  /// Takes a report: all of those at the end of an epoch, and any others.
  package mutating func note(_ progress: TrainingProgress) {
    self.progress = progress
    guard progress.isEndOfEpoch || progress.epoch == 1 else { return }
    trainingMoments.append(Self.moment(progress))
    Self.thin(&trainingMoments)
    guard progress.isEndOfEpoch else { return }
    if let costAndAccuracy = progress.validation {
      validation.append(Moment(epoch: Double(progress.epoch), costAndAccuracy: costAndAccuracy))
      Self.thin(&validation)
    }
    let costAndAccuracy = progress.validation ?? Self.moment(progress).costAndAccuracy
    if costAndAccuracy.cost < best?.costAndAccuracy.cost ?? .infinity { best = (progress.epoch, costAndAccuracy) }
  }

  /// The training's moments, up to the last report.
  var training: [Moment] {
    trainingMoments.last?.epoch == epochsDone ? trainingMoments : trainingMoments + [Self.moment(progress)]
  }

  /// How many epochs are done, the one under way as a part of one.
  var epochsDone: Double { Self.moment(progress).epoch }

  /// How much of the training is done, 0 to 1.
  var share: Double { epochsDone / Double(progress.epochCount) }

  private static func moment(_ progress: TrainingProgress) -> Moment {
    Moment(
      epoch: Double(progress.epoch - 1) + Double(progress.samplesDone) / Double(progress.sampleCount),
      costAndAccuracy: CostAndAccuracy(cost: progress.cost, accuracy: progress.accuracy))
  }

  /// Leaves out every second one where they are too many.
  private static func thin(_ moments: inout [Moment]) {
    guard moments.count > maximumCount else { return }
    moments = moments.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
  }
}
