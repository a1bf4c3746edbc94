import Evaluation
import Testing

@Suite struct ConfusedPairTests {
  @Test("pairs come by their count, then by their classes, and what is right is none")
  func order() throws {
    let matrix = try ConfusionMatrix(
      actual: [0, 0, 1, 2, 2, 2, 1, 1], predicted: [0, 2, 0, 1, 1, 0, 2, 1], classCount: 4)
    #expect(
      matrix.confusedPairs == [
        ConfusedPair(actual: 2, predicted: 1, count: 2), ConfusedPair(actual: 0, predicted: 2, count: 1),
        ConfusedPair(actual: 1, predicted: 0, count: 1), ConfusedPair(actual: 1, predicted: 2, count: 1),
        ConfusedPair(actual: 2, predicted: 0, count: 1),
      ])
  }

  @Test("their counts add up to the errors", arguments: try ReportGolden.stored())
  func sum(_ golden: ReportGolden) throws {
    let matrix = try ConfusionMatrix(
      actual: golden.actual, predicted: golden.predicted, classCount: golden.classCount)
    #expect(matrix.confusedPairs.reduce(0) { $0 + $1.count } == matrix.sampleCount - matrix.correctCount)
  }
}
