/// A sample that was taken for another class than its own.
public struct Misclassification: Equatable, Sendable {
  /// The sample's place in the data set.
  public var index: Int
  /// Its class.
  public var actual: Int
  /// The class that it was taken for.
  public var predicted: Int
  /// How wrong that is, by the training's loss; nil where it is no finite number.
  public var loss: Double?
  /// The network's outputs, `[classCount]`.
  public var outputs: [Double]
  /// The image, `[rowCount, columnCount]`.
  public var pixels: [UInt8]
  /// Whether it is known that the label is what is wrong.
  public var hasKnownLabelError: Bool

  /// An error of its parts.
  public init(
    index: Int, actual: Int, predicted: Int, loss: Double?, outputs: [Double], pixels: [UInt8],
    hasKnownLabelError: Bool = false
  ) {
    self.index = index
    self.actual = actual
    self.predicted = predicted
    self.loss = loss
    self.outputs = outputs
    self.pixels = pixels
    self.hasKnownLabelError = hasKnownLabelError
  }

  /// The output of the predicted class.
  public var confidence: Double { outputs[predicted] }

  /// Whether it comes before another one where the worst comes first: outputs that are no numbers, then the largest loss;
  /// the index breaks ties.
  func isWorse(than other: Misclassification) -> Bool {
    (other.loss ?? .infinity, index) < (loss ?? .infinity, other.index)
  }
}
