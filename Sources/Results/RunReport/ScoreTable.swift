internal import Evaluation
internal import NeuralNetwork

/// Precision, recall and F1 of each class, and their means.
struct ScoreTable {
  let report: ClassificationReport

  init(_ run: RunReport) {
    do {
      report = try ClassificationReport(run.confusionMatrix, classNames: run.model.classNames)
    } catch {
      preconditionFailure("the matrix has the model's classes: \(error)")
    }
  }

  var values: PageTemplate.Values {
    [
      "scores": report.classes.map { Self.row($0.name, $0.scores) },
      "averages": [
        Self.row("mean", report.macroAverage), Self.row("weighted mean", report.weightedAverage),
      ],
    ]
  }

  private static func row(_ name: String, _ scores: ClassificationReport.Scores) -> PageTemplate.Values {
    [
      "name": name, "support": NumberText.count(scores.support),
      "shares": [scores.precision, scores.recall, scores.f1Score].map {
        ["share": NumberText.fixed($0, digits: 3), "text": NumberText.percent($0)]
      },
    ]
  }
}
