/// What the network made of one sample.
struct Prediction: Equatable {
  /// The sample's place in the data set, training file first, then test file.
  var index: Int
  var actual: Int
  var predicted: Int
  /// The output of the predicted class, the largest one.
  var confidence: Double
  /// Whether the output was a finite number.
  var isFinite = true

  var isError: Bool { actual != predicted }
}

extension Prediction {
  /// A prediction by the largest output. After a training that diverged it may be no number, and is worth nothing.
  init(index: Int, actual: Int, predicted: Int, output: Double) {
    self.init(
      index: index, actual: actual, predicted: predicted, confidence: output.isFinite ? output : 0,
      isFinite: output.isFinite)
  }
}
