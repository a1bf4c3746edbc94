import Evaluation
import Export
import Testing

@Suite struct SampleSelectionTests {
  static func sample(_ index: Int, _ actual: Int, _ predicted: Int, _ confidence: Double, _ loss: Double?)
    -> PredictedSample
  {
    PredictedSample(
      index: index, actual: actual, predicted: predicted, confidence: confidence, loss: loss, outputs: [0, 0, 0])
  }

  static let samples = [
    sample(4, 0, 1, 0.5, 3), sample(2, 1, 1, 0.9, 0.1), sample(1, 0, 2, 0.8, 3), sample(3, 2, 0, 0.8, nil),
    sample(0, 0, 1, 0.4, 7),
  ]

  @Test(
    "samples are selected by class and error, sorted and limited",
    arguments: [
      (SampleSelection(), [0, 1, 3, 4]),
      (SampleSelection(order: .confidence), [1, 3, 4, 0]),
      (SampleSelection(order: .loss), [3, 0, 1, 4]),
      (SampleSelection(order: .loss, limit: 2), [3, 0]),
      (SampleSelection(limit: 0), []),
      (SampleSelection(actual: 0), [0, 1, 4]),
      (SampleSelection(predicted: 1), [0, 4]),
      (SampleSelection(actual: 0, predicted: 2), [1]),
      (SampleSelection(predicted: 1, includesCorrect: true), [0, 2, 4]),
      (SampleSelection(limit: 9, includesCorrect: true), [0, 1, 2, 3, 4]),
    ])
  func selected(_ selection: SampleSelection, _ indices: [Int]) {
    #expect(selection.selected(from: Self.samples).map(\.index) == indices)
    #expect(selection.selected(from: Self.samples.reversed()).map(\.index) == indices)
  }
}
