import Evaluation
import Foundation
import Testing

@Suite struct ClassificationReportTests {
  @Test(
    "the text and the averages equal those of scikit-learn exactly",
    arguments: try ReportGolden.stored().filter(\.isWithZeros))
  func golden(_ golden: ReportGolden) throws {
    let report = try ClassificationReport(
      actual: golden.actual, predicted: golden.predicted, classCount: golden.classCount, classNames: golden.classNames)
    #expect(report.text(digits: golden.digits) == golden.text)
    #expect(report.accuracy == golden.accuracy)
    #expect(numbers(report.macroAverage) == golden.macroAverage)
    #expect(numbers(report.weightedAverage) == golden.weightedAverage)
  }

  @Test("for 3 samples, 2 true positives and 1 false positive, the scores equal those computed by hand")
  func byHand() throws {
    let report = try ClassificationReport(actual: [0, 0, 0, 1, 1], predicted: [0, 0, 1, 0, 1], classCount: 2)
    let scores = report.classes[0].scores
    #expect(abs(scores.precision - 2 / 3) < 1e-15 && abs(scores.recall - 2 / 3) < 1e-15)
    #expect(abs(scores.f1Score - 2 / 3) < 1e-15 && scores.support == 3)
    #expect(report.accuracy == 0.6)
    #expect(abs(report.macroAverage.recall - (2 / 3 + 1 / 2) / 2) < 1e-15)
    #expect(abs(report.weightedAverage.recall - (3 * 2 / 3 + 2 * 1 / 2) / 5) < 1e-15)
    #expect(report.description == report.text(digits: 2))
  }

  @Test("a class that does not occur has no row, and a class without predictions has scores of 0")
  func zeroDivision() throws {
    let report = try ClassificationReport(actual: [0, 3], predicted: [0, 0], classCount: 5)
    #expect(report.classes.map(\.label) == [0, 3])
    #expect(numbers(report.classes[1].scores) == [0, 0, 0])
  }

  @Test("averages of many classes are added in NumPy's order, so the mean of 300 times 0.1 is not exactly 0.1")
  func manyClasses() throws {
    // Each class has ten samples. One of them is predicted correctly, and the others are predicted as the next class.
    // Precision, recall and F1 are therefore 1/10.
    let actual = (0..<3000).map { $0 / 10 }
    let predicted = (0..<3000).map { $0 % 10 == 0 ? $0 / 10 : ($0 / 10 + 1) % 300 }
    let report = try ClassificationReport(actual: actual, predicted: predicted, classCount: 300)
    #expect(numbers(report.macroAverage) == Array(repeating: 0.09999999999999999, count: 3))
  }

  @Test("a support that is wider than its column widens the line, as in Python")
  func wideSupport() throws {
    let report = try JSONDecoder().decode(
      ClassificationReport.self,
      from: Data(
        #"""
        {"accuracy": 0.5, "classes": [
          {"label": 0, "name": "0", "precision": 0.5, "recall": 1, "f1Score": 0.125, "support": 12345678901}],
         "macroAverage": {"precision": 0.25, "recall": 0.375, "f1Score": 0.5, "support": 12345678901},
         "weightedAverage": {"precision": 0.5, "recall": 0.5, "f1Score": 0.5, "support": 12345678901}}
        """#.utf8))
    #expect(
      report.text() == """
                      precision    recall  f1-score   support

                   0       0.50      1.00      0.12 12345678901

            accuracy                           0.50 12345678901
           macro avg       0.25      0.38      0.50 12345678901
        weighted avg       0.50      0.50      0.50 12345678901

        """)
  }

  @Test("a report is equal after encoding and decoding, and its JSON has the scores next to the label")
  func stored() throws {
    let report = try ClassificationReport(actual: [0, 1, 2], predicted: [0, 0, 2], classCount: 3)
    let data = try JSONEncoder().encode(report)
    let again = try JSONDecoder().decode(ClassificationReport.self, from: data)
    #expect(again == report)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == ["accuracy", "classes", "macroAverage", "weightedAverage"])
    let second = try #require((object["classes"] as? [[String: Any]])?[1])
    #expect(Set(second.keys) == ["label", "name", "precision", "recall", "f1Score", "support"])
  }

  @Test("a wrong number of class names causes an error")
  func names() {
    #expect(throws: EvaluationError.classNameCount(expected: 3, found: 2)) {
      try ClassificationReport(actual: [0, 1], predicted: [0, 1], classCount: 3, classNames: ["a", "b"])
    }
  }

  private func numbers(_ scores: ClassificationReport.Scores) -> [Double?] {
    [scores.precision, scores.recall, scores.f1Score]
  }
}
