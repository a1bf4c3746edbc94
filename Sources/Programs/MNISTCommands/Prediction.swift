internal import NeuralNetwork

/// What the network made of one sample.
struct Prediction: Equatable {
  /// The sample's place in the data set, training file first, then test file.
  var index: Int
  var actual: Int
  var predicted: Int
  /// The output of the predicted class, the largest one.
  var confidence: Double
  /// How wrong the outputs are, by the training's loss; nil where it is not known.
  var loss: Double?
  /// Whether the output was a finite number.
  var isFinite = true

  var isError: Bool { actual != predicted }
}

extension Prediction {
  /// A prediction by the largest output. After a training that diverged it may be no number, and is worth nothing.
  init(index: Int, actual: Int, predicted: Int, outputs: [Double], loss: Loss) {
    let (output, loss) = (outputs[predicted], loss.value(outputs: outputs, label: actual))
    self.init(
      index: index, actual: actual, predicted: predicted, confidence: output.isFinite ? output : 0,
      loss: loss.isFinite ? loss : nil, isFinite: output.isFinite)
  }
}
