public import Matrices

/// One sample of a data set with what a network made of it.
public struct PredictedSample: Equatable, Sendable {
  /// The sample's place in the data set, training file first, then test file, from 0.
  public var index: Int
  /// The class that its label says.
  public var actual: Int
  /// The class that the network says.
  public var predicted: Int
  /// The output of the predicted class.
  public var confidence: Double
  /// How wrong the outputs are; nil if it is unknown or not a finite number.
  public var loss: Double?
  /// The network's outputs, `[classCount]`.
  public var outputs: [Double]

  /// Creates a sample with what a network made of it.
  ///
  /// - Parameter confidence: The output of the predicted class; taken from the outputs if nil.
  /// - Precondition: both classes are indices of outputs.
  public init(
    index: Int, actual: Int, predicted: Int, confidence: Double? = nil, loss: Double?, outputs: [Double]
  ) {
    precondition(
      outputs.indices.contains(actual) && outputs.indices.contains(predicted), "there is an output for a class")
    self.index = index
    self.actual = actual
    self.predicted = predicted
    self.confidence = confidence ?? outputs[predicted]
    self.loss = loss
    self.outputs = outputs
  }

  /// Returns samples of a data set with what a network made of them.
  ///
  /// - Parameters:
  ///   - indices: The samples' places in the data set, `[sampleCount]`.
  ///   - labels: The labels of the whole data set.
  ///   - outputs: The network's outputs, `[sampleCount, classCount]`.
  ///   - classes: The classes that the network says, `[sampleCount]`.
  ///   - loss: Returns how wrong a sample's outputs are, given its label. A value that is not finite is left out, and an
  ///     output that is not finite is no confidence: 0 stands for it.
  public static func samples(
    at indices: [Int], labels: [UInt8], outputs: Matrix<Double>, classes: [Int],
    loss: (_ outputs: [Double], _ label: Int) -> Double
  ) -> [PredictedSample] {
    zip(indices, classes).enumerated().map { row, sample in
      let (outputs, label) = (outputs.row(row), Int(labels[sample.0]))
      let (output, loss) = (outputs[sample.1], loss(outputs, label))
      return PredictedSample(
        index: sample.0, actual: label, predicted: sample.1, confidence: output.isFinite ? output : 0,
        loss: loss.isFinite ? loss : nil, outputs: outputs)
    }
  }

  /// Whether the network says another class than the label.
  public var isError: Bool { actual != predicted }

  /// Returns whether the sample comes before another one where the worst come first: a missing loss, then the largest; the
  /// lower index where losses are equal.
  ///
  /// A loss is missing where the outputs are not finite numbers.
  public func isWorse(than other: PredictedSample) -> Bool {
    (other.loss ?? .infinity, index) < (loss ?? .infinity, other.index)
  }
}

extension [PredictedSample] {
  /// Returns the samples whose labels are in doubt, the most doubtful first: the network's largest output is another
  /// class's. Equally doubtful ones are in the order of their indices.
  ///
  /// ```swift
  /// // The outputs are those of networks that were trained without the sample, as by cross-validation.
  /// let suspects = samples.suspectLabels()
  /// print(suspects[0].index, suspects[0].actual, suspects[0].predicted)
  /// ```
  ///
  /// The measure is the label's share of the sum of the outputs, which need not add up to 1. Some suspects are hard to read
  /// and rightly labelled; where labels were mixed up, these come first. The outputs of a network that has learned the
  /// labels by heart say nothing, so they must come from one that has not seen the sample. Samples with outputs that are
  /// not finite numbers are left out.
  ///
  /// - Precondition: No output is below 0.
  /// - Complexity: O(sampleCount * classCount + s log s) for s suspects.
  ///
  /// Source: C. G. Northcutt, L. Jiang and I. L. Chuang, Confident learning: estimating uncertainty in dataset labels,
  /// Journal of Artificial Intelligence Research 70, 2021, which calls the measure self-confidence.
  public func suspectLabels() -> [PredictedSample] {
    let suspects = compactMap { sample -> (sample: PredictedSample, selfConfidence: Double)? in
      let (outputs, own) = (sample.outputs, sample.outputs[sample.actual])
      guard outputs.allSatisfy(\.isFinite), outputs.contains(where: { $0 > own }) else { return nil }
      // The sum is above 0, as an output is above another one.
      return (sample, own / outputs.reduce(0, +))
    }
    return suspects.sorted { ($0.selfConfidence, $0.sample.index) < ($1.selfConfidence, $1.sample.index) }.map(\.sample)
  }
}
