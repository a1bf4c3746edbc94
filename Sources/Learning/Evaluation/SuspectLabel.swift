/// A sample whose label is in doubt: a network that has not seen it says another class.
///
/// ```swift
/// // outputs[i] are those of a network that was trained without sample i, as by cross-validation
/// let suspects = SuspectLabel.ranked(labels: labels, outputs: outputs)
/// print(suspects[0].sample, suspects[0].label, suspects[0].predicted)
/// ```
///
/// Some are hard to read and rightly labelled; where labels were mixed up, these come first. For a network that has learned
/// the labels by heart the outputs say nothing, so they have to be from outside its training samples.
///
/// Source: C. G. Northcutt, L. Jiang and I. L. Chuang, Confident learning: estimating uncertainty in dataset labels, Journal
/// of Artificial Intelligence Research 70, 2021, which calls the measure self-confidence.
public struct SuspectLabel: Equatable, Hashable, Sendable {
  /// The sample's place in the lists.
  public let sample: Int
  /// Its label.
  public let label: Int
  /// The class with the largest output.
  public let predicted: Int
  /// The label's share of all outputs' sum, 0 to 1: the smaller, the more doubtful.
  public let selfConfidence: Double

  /// The samples whose largest output is not their label's, the most doubtful first; equal ones in their order.
  ///
  /// - Parameters:
  ///   - labels: The labels, `[sampleCount]`.
  ///   - outputs: The outputs for each sample, `[sampleCount, classCount]`, none below 0. Those of sigmoids need not add up
  ///     to 1. Samples with one that is not a finite number are left out.
  /// - Precondition: There are outputs for each sample, and one for its label.
  /// - Complexity: O(sampleCount * classCount + s log s) for s suspects.
  public static func ranked(labels: [Int], outputs: [[Double]]) -> [SuspectLabel] {
    precondition(labels.count == outputs.count, "there are outputs for each sample")
    var suspects: [SuspectLabel] = []
    for (sample, (label, outputs)) in zip(labels, outputs).enumerated() {
      precondition(outputs.indices.contains(label), "there is an output for each label")
      guard outputs.allSatisfy(\.isFinite), let largest = outputs.max(), largest > outputs[label],
        let predicted = outputs.firstIndex(of: largest)
      else { continue }
      // Above 0, as the largest is above another one.
      let sum = outputs.reduce(0, +)
      suspects.append(
        SuspectLabel(sample: sample, label: label, predicted: predicted, selfConfidence: outputs[label] / sum))
    }
    return suspects.sorted { ($0.selfConfidence, $0.sample) < ($1.selfConfidence, $1.sample) }
  }
}
