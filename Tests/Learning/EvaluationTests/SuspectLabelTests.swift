import Evaluation
import Testing

@Suite struct SuspectLabelTests {
  @Test("samples whose label has not the largest output are ranked by the label's share of the outputs")
  func ranked() {
    let outputs = [[0.9, 0.1], [0.2, 0.8], [0.01, 0.99], [0.6, 0.4], [0.4, 0.6]]
    let suspects = SuspectLabel.ranked(labels: [0, 0, 0, 1, 1], outputs: outputs)
    #expect(suspects.map(\.sample) == [2, 1, 3])
    #expect(suspects.map(\.label) == [0, 0, 1])
    #expect(suspects.map(\.predicted) == [1, 1, 0])
    #expect(suspects.map(\.selfConfidence) == [0.01, 0.2, 0.4])
  }

  @Test("a label is more doubtful where another output is large than where all are small")
  func sigmoids() {
    let suspects = SuspectLabel.ranked(labels: [0, 0], outputs: [[0.01, 0.02, 0.01], [0.01, 0.98, 0]])
    #expect(suspects.map(\.sample) == [1, 0])
    #expect(abs(suspects[1].selfConfidence - 0.25) < 1e-12)
  }

  @Test("equal outputs are no doubt, equal suspects keep their order, and what is no number is left out")
  func edges() {
    let outputs = [[0.5, 0.5], [0, 0], [0, 1], [0, 1], [.nan, 1], [0, .infinity]]
    #expect(SuspectLabel.ranked(labels: [0, 1, 0, 0, 0, 0], outputs: outputs).map(\.sample) == [2, 3])
  }
}
