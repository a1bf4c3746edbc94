/// One sample of a data set with what a network made of it.
public struct PredictedSample: Equatable, Sendable {
  /// Its place in the data set, training file first, then test file, from 0.
  public var index: Int
  /// The class that its label says.
  public var actual: Int
  /// The class that the network says.
  public var predicted: Int
  /// The output of the predicted class.
  public var confidence: Double
  /// How wrong the outputs are; nil where it is not known.
  public var loss: Double?
  /// The network's outputs, `[classCount]`.
  public var outputs: [Double]

  /// A sample with what a network made of it.
  ///
  /// - Precondition: both classes are indices of outputs.
  public init(index: Int, actual: Int, predicted: Int, confidence: Double, loss: Double?, outputs: [Double]) {
    precondition(
      outputs.indices.contains(actual) && outputs.indices.contains(predicted), "there is an output for a class")
    self.index = index
    self.actual = actual
    self.predicted = predicted
    self.confidence = confidence
    self.loss = loss
    self.outputs = outputs
  }

  /// Whether the network says another class than the label.
  public var isError: Bool { actual != predicted }
}
