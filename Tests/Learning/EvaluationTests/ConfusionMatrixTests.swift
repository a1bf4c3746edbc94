import Evaluation
import Testing

@Suite struct ConfusionMatrixTests {
  @Test("the counts equal those of scikit-learn", arguments: try ReportGolden.stored())
  func golden(_ golden: ReportGolden) throws {
    let matrix = try ConfusionMatrix(
      actual: golden.actual, predicted: golden.predicted, classCount: golden.classCount)
    #expect(golden.confusion == nil || matrix.rows == golden.confusion)
    #expect(matrix.accuracy == golden.accuracy)
    #expect(matrix.rows.joined().reduce(0, +) == matrix.sampleCount)
  }

  @Test("rows are actual classes, columns are predicted classes, and errors of a class are in its row and column")
  func counts() throws {
    let matrix = try ConfusionMatrix(
      actual: [0, 0, 0, 1, 2, 2], predicted: [0, 1, 1, 1, 0, 2], classCount: 4)
    #expect(matrix[actual: 0, predicted: 1] == 2 && matrix[actual: 1, predicted: 0] == 0)
    #expect(matrix.rows == [[1, 2, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]])
    #expect((0..<4).map { matrix.truePositives(of: $0) } == [1, 1, 1, 0])
    #expect((0..<4).map { matrix.falsePositives(of: $0) } == [1, 2, 0, 0])
    #expect((0..<4).map { matrix.falseNegatives(of: $0) } == [2, 0, 1, 0])
    #expect((0..<4).map { matrix.actualCount(of: $0) } == [3, 1, 2, 0])
    #expect((0..<4).map { matrix.predictedCount(of: $0) } == [2, 3, 1, 0])
    #expect(matrix.correctCount == 3 && matrix.sampleCount == 6 && matrix.accuracy == 0.5)
  }

  @Test("the description is a table with aligned columns")
  func text() throws {
    let actual = Array(repeating: 0, count: 12) + [1, 1]
    let matrix = try ConfusionMatrix(actual: actual, predicted: actual.dropLast() + [0], classCount: 2)
    #expect(matrix.description == "     0   1\n 0  12   0\n 1   1   1")
  }

  @Test("the error for a label that cannot be counted gives its list and its index")
  func errors() {
    #expect(throws: EvaluationError.noSamples) { try ConfusionMatrix(actual: [], predicted: [], classCount: 2) }
    #expect(throws: EvaluationError.sampleCounts(actual: 1, predicted: 2)) {
      try ConfusionMatrix(actual: [0], predicted: [0, 1], classCount: 2)
    }
    #expect(throws: EvaluationError.labelOutOfRange(.actual, index: 1, label: 2, classCount: 2)) {
      try ConfusionMatrix(actual: [0, 2], predicted: [0, 5], classCount: 2)
    }
    #expect(throws: EvaluationError.labelOutOfRange(.predicted, index: 1, label: -1, classCount: 2)) {
      try ConfusionMatrix(actual: [0, 1], predicted: [0, -1], classCount: 2)
    }
    for count in [0, -1, 4097, .max] {
      #expect(throws: EvaluationError.classCountOutOfRange(count, limit: 4096)) {
        try ConfusionMatrix(actual: [0], predicted: [0], classCount: count)
      }
    }
  }

  @Test("confused pairs are sorted by count, then by classes, and do not include correct predictions")
  func confusedPairs() throws {
    let matrix = try ConfusionMatrix(
      actual: [0, 0, 1, 2, 2, 2, 1, 1], predicted: [0, 2, 0, 1, 1, 0, 2, 1], classCount: 4)
    #expect(
      matrix.confusedPairs == [
        ConfusedPair(actual: 2, predicted: 1, count: 2), ConfusedPair(actual: 0, predicted: 2, count: 1),
        ConfusedPair(actual: 1, predicted: 0, count: 1), ConfusedPair(actual: 1, predicted: 2, count: 1),
        ConfusedPair(actual: 2, predicted: 0, count: 1),
      ])
  }

  @Test("the counts of the confused pairs add up to the number of errors", arguments: try ReportGolden.stored())
  func confusedPairSum(_ golden: ReportGolden) throws {
    let matrix = try ConfusionMatrix(
      actual: golden.actual, predicted: golden.predicted, classCount: golden.classCount)
    #expect(matrix.confusedPairs.reduce(0) { $0 + $1.count } == matrix.sampleCount - matrix.correctCount)
  }
}
