public import Matrices

/// A sample of a data set with a network's prediction for it.
public struct PredictedSample: Equatable, Sendable {
  /// The sample's index in the data set, counted from 0. The samples of the training file come before those of the test
  /// file.
  public var index: Int
  /// The actual class, given by the label.
  public var actual: Int
  /// The predicted class.
  public var predicted: Int
  /// The output of the predicted class.
  public var confidence: Double
  /// The loss of the sample, which measures the error of the outputs; nil if it is unknown or not a finite number.
  public var loss: Double?
  /// The network's outputs, `[classCount]`.
  public var outputs: [Double]

  /// Creates a sample with a prediction.
  ///
  /// - Parameters:
  ///   - index: The index of the sample in the data set.
  ///   - actual: The class that the label names.
  ///   - predicted: The class that the network predicts.
  ///   - confidence: The output of the predicted class. If nil, it is read from `outputs`.
  ///   - loss: The loss of the sample; nil if it is unknown.
  ///   - outputs: The network's outputs, `[classCount]`.
  /// - Precondition: `actual` and `predicted` are valid indices of `outputs`.
  public init(
    index: Int, actual: Int, predicted: Int, confidence: Double? = nil, loss: Double?, outputs: [Double]
  ) {
    precondition(
      outputs.indices.contains(actual) && outputs.indices.contains(predicted),
      "each class must be the index of an output")
    self.index = index
    self.actual = actual
    self.predicted = predicted
    self.confidence = confidence ?? outputs[predicted]
    self.loss = loss
    self.outputs = outputs
  }

  /// Returns samples of a data set with a network's predictions.
  ///
  /// - Parameters:
  ///   - indices: The indices of the samples in the data set, `[sampleCount]`.
  ///   - labels: The labels of the whole data set.
  ///   - outputs: The network's outputs, `[sampleCount, classCount]`.
  ///   - classes: The predicted classes, `[sampleCount]`.
  ///   - loss: Returns the loss of one sample, given its outputs and its label. A loss that is not finite becomes nil.
  /// - Returns: The samples, `[sampleCount]`. The confidence is 0 if the output of the predicted class is not finite.
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

  /// Whether the predicted class differs from the label.
  public var isError: Bool { actual != predicted }

  /// Returns whether this sample comes before another sample in an order with the worst samples first.
  ///
  /// Samples without a loss come first; their outputs are not finite numbers. The other samples follow in descending
  /// order of their loss. Samples with equal losses are in ascending order of their indices.
  public func isWorse(than other: PredictedSample) -> Bool {
    (other.loss ?? .infinity, index) < (loss ?? .infinity, other.index)
  }
}

extension [PredictedSample] {
  /// Returns the samples whose labels are probably wrong. The most doubtful labels come first.
  ///
  /// A sample is a suspect if an output of another class is larger than the output of its label. The measure of doubt
  /// is the label's output divided by the sum of all outputs. A smaller quotient means a more doubtful label. Equally
  /// doubtful samples are in ascending order of their indices. Samples with outputs that are not finite numbers are
  /// left out.
  ///
  /// ```swift
  /// // The outputs must come from networks that were trained without the sample, as in cross-validation.
  /// let suspects = samples.suspectLabels()
  /// print(suspects[0].index, suspects[0].actual, suspects[0].predicted)
  /// ```
  ///
  /// A network can memorize the labels that it was trained on. Its outputs for these samples then do not show which
  /// labels are wrong. Not every suspect has a wrong label: some digits are only hard to read. Mixed-up labels come
  /// first in the list.
  ///
  /// - Precondition: No output is below 0.
  /// - Complexity: O(sampleCount * classCount + s log s) for s suspects.
  ///
  /// Source: C. G. Northcutt, L. Jiang and I. L. Chuang, Confident learning: estimating uncertainty in dataset labels,
  /// Journal of Artificial Intelligence Research 70, 2021. The authors call the measure self-confidence.
  public func suspectLabels() -> [PredictedSample] {
    let suspects = compactMap { sample -> (sample: PredictedSample, selfConfidence: Double)? in
      let (outputs, own) = (sample.outputs, sample.outputs[sample.actual])
      guard outputs.allSatisfy(\.isFinite), outputs.contains(where: { $0 > own }) else { return nil }
      // The sum is above 0, because one output is larger than another and none is below 0.
      return (sample, own / outputs.reduce(0, +))
    }
    return suspects.sorted { ($0.selfConfidence, $0.sample.index) < ($1.selfConfidence, $1.sample.index) }.map(\.sample)
  }
}
