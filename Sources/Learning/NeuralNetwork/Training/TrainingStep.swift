internal import Matrices

/// What the samples of one or more batches came to.
struct BatchResult {
  /// The sum of the samples' costs.
  var cost = 0.0
  /// How many of them have their largest output in the right place.
  var rightCount = 0

  /// The mean over so many samples.
  func costAndAccuracy(of sampleCount: Int) -> CostAndAccuracy {
    CostAndAccuracy(cost: cost / Double(sampleCount), accuracy: Double(rightCount) / Double(sampleCount))
  }
}

/// The part of a training that changes the weights. There are two, which do the same mathematics: ``SampleTraining`` one
/// sample at a time as the article does, ``BatchTraining`` everything else.
protocol TrainingStep {
  /// How many samples are given to ``train(_:next:learningRate:result:)`` at once; an epoch's last ones may be fewer.
  var batchSize: Int { get }

  /// Calls `body`, which trains on an epoch's batches one after the other, or on the first of them. Meanwhile threads that wait
  /// prepare the next ones, whose indices have to live until this returns.
  func runEpoch(_ body: () -> Void)

  /// Updates the weights from the training samples with the given indices. `next` are those of the next call, so that they
  /// can be prepared meanwhile; empty at the end of an epoch, where they are not known.
  ///
  /// Costs and right samples are added to `result`. Within an epoch an update may be left for the next call, or for who asks for
  /// the weights.
  func train(
    _ indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>, learningRate: Double,
    result: inout BatchResult
  )

  /// The cost and accuracy on the validation samples with the weights as they are; nil where there are none.
  func validate() -> CostAndAccuracy?

  /// The cost on all training samples with the weights as they are.
  func trainingCost() -> Double

  /// The weights as they are now.
  var weights: [Matrix<Double>] { get }
}
