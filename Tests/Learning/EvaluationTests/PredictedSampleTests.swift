import Evaluation
import Testing

@Suite struct SuspectLabelTests {
  static func samples(labels: [Int], outputs: [[Double]]) -> [PredictedSample] {
    zip(labels, outputs).enumerated().map { index, sample in
      let predicted = sample.1.indices.max { sample.1[$0] < sample.1[$1] } ?? 0
      return PredictedSample(index: index, actual: sample.0, predicted: predicted, loss: nil, outputs: sample.1)
    }
  }

  @Test("suspects are ranked by the label's output divided by the sum of the outputs")
  func ranked() {
    let outputs = [[0.9, 0.1], [0.2, 0.8], [0.01, 0.99], [0.6, 0.4], [0.4, 0.6]]
    let samples = Self.samples(labels: [0, 0, 0, 1, 1], outputs: outputs)
    #expect(samples.suspectLabels() == [samples[2], samples[1], samples[3]])
    #expect(samples.reversed().suspectLabels() == samples.suspectLabels())
  }

  @Test("a label is more doubtful if another output is large than if all outputs are small")
  func sigmoids() {
    let samples = Self.samples(labels: [0, 0], outputs: [[0.01, 0.02, 0.01], [0.01, 0.98, 0]])
    #expect(samples.suspectLabels().map(\.index) == [1, 0])
    // The self-confidence of the first sample is about 1/4. The third sample comes after the first with 0.26, and
    // before it with 0.24.
    for (output, order) in [(0.26, [0, 2]), (0.24, [2, 0])] {
      let third = PredictedSample(index: 2, actual: 0, predicted: 1, loss: nil, outputs: [output, 1 - output])
      #expect([samples[0], third].suspectLabels().map(\.index) == order)
    }
  }

  @Test("a tie is not a suspect, equal suspects are sorted by index, and outputs that are not finite are left out")
  func edges() {
    let outputs = [[0.5, 0.5], [0, 0], [0, 1], [0, 1], [.nan, 1], [0, .infinity]]
    let samples = Self.samples(labels: [0, 1, 0, 0, 0, 0], outputs: outputs)
    #expect(samples.suspectLabels().map(\.index) == [2, 3])
  }
}
