internal import DisplayText
internal import Drawing
internal import Evaluation
internal import NeuralNetwork

// The numbers of a run: the head of the page, the curves, the epochs and the scores of the classes.

extension RunReport {
  /// The head of the page: what was trained, and how well it did.
  var summary: Values {
    [
      "title": "\(data.title), \(NumberText.percent(confusionMatrix.accuracy)) right: a run of mnist-toolkit",
      "heading": data.title, "lead": lead, "facts": facts,
    ]
  }

  private var lead: String {
    let nodes = model.network.architecture.nodeCounts.map(NumberText.count)
    let validation = data.validationCount == 0 ? "" : "judged by \(NumberText.count(data.validationCount)) others, "
    return "A network of \(nodes.dropLast().joined(separator: ", ")) and \(nodes[nodes.count - 1]) nodes, trained for "
      + "\(NumberText.count(history.epochs.count, of: "epoch")) on \(NumberText.count(data.trainingCount)) images of "
      + "\(model.rowCount)×\(model.columnCount) pixels, \(validation)tested on \(NumberText.count(data.testCount))."
  }

  private var facts: [Values] {
    let (count, correctCount) = (confusionMatrix.sampleCount, confusionMatrix.correctCount)
    let accuracy = ProportionInterval(successCount: correctCount, sampleCount: count)
    var facts = [
      fact("Accuracy", NumberText.percent(confusionMatrix.accuracy), note: text(accuracy), isMain: true),
      fact("Errors", NumberText.count(count - correctCount), note: "of \(NumberText.count(count)) test images"),
    ]
    if let known = knownLabelErrors, let accuracy = known.accuracyWithout,
      let interval = known.accuracyWithoutInterval
    {
      facts.append(
        fact(
          "Without known wrong labels", NumberText.percent(accuracy),
          note: "\(text(interval)); \(NumberText.count(known.sampleCount, of: "label")), "
            + "\(NumberText.count(known.errorCount)) among the errors"))
    }
    let epochs = history.epochs
    if let last = epochs.last {
      let validation = last.validation.map { "; validation \(NumberText.significant($0.cost))" } ?? ""
      facts.append(
        fact("Cost", NumberText.significant(last.cost), note: "training, epoch \(last.epoch)\(validation)"))
    } else {
      facts.append(fact("Cost", "none", note: "no epoch was completed"))
    }
    let seconds = epochs.reduce(0) { $0 + $1.seconds }
    let note = epochs.isEmpty ? nil : "\(NumberText.seconds(seconds / Double(epochs.count))) an epoch"
    return facts + [fact("Training time", NumberText.seconds(seconds), note: note)]
  }

  private func text(_ interval: ProportionInterval) -> String {
    "95 % interval \(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))"
  }

  private func fact(_ name: String, _ value: String, note: String?, isMain: Bool = false) -> Values {
    var values: Values = ["name": name, "value": value, "isMain": isMain]
    if let note { values["note"] = note }
    return values
  }

  /// Cost and accuracy against the epoch.
  var curves: Values {
    ["curves": [curve("Cost", "cost", \.cost), curve("Accuracy", "accuracy", \.accuracy)]]
  }

  private func curve(_ title: String, _ label: String, _ value: KeyPath<CostAndAccuracy, Double>) -> Values {
    func series(_ name: String, _ costAndAccuracy: (EpochRecord) -> CostAndAccuracy?) -> LineChart.Series {
      let points = history.epochs.compactMap { epoch in
        costAndAccuracy(epoch).map { (x: Double(epoch.epoch), y: $0[keyPath: value]) }
      }
      return LineChart.Series(name: name, points: points)
    }
    let training = series("training", \.training)
    let validation = series("validation", \.validation)
    let shown = validation.points.isEmpty ? [training] : [training, validation]
    let chart = LineChart(title: "\(title) per epoch", xLabel: "epoch", yLabel: label, series: shown)
    return [
      "name": title, "svg": chart.svg(style: .inline),
      "legend": shown.enumerated().map { ["number": String($0.offset + 1), "name": $0.element.name] },
    ]
  }

  /// The most rows of epochs that are still looked at; of more epochs only every second, third ... is shown.
  private static let maximumRowCount = 200

  /// The curves as numbers, for those who do not see them or want to know exactly.
  var epochTable: Values {
    let epochs = history.epochs
    guard let last = epochs.last else { return [:] }
    let hasValidation = epochs.contains { $0.validation != nil }
    let stride = max(1, (epochs.count + Self.maximumRowCount - 1) / Self.maximumRowCount)
    let shown = epochs.filter { $0.epoch % stride == 0 || $0.epoch == 1 || $0.epoch == last.epoch }
    func cells(_ costAndAccuracy: CostAndAccuracy?) -> [String] {
      guard let costAndAccuracy else { return ["", ""] }
      return [NumberText.significant(costAndAccuracy.cost), NumberText.percent(costAndAccuracy.accuracy)]
    }
    var table: Values = [
      "columns": ["epoch", "cost", "accuracy"] + (hasValidation ? ["validation cost", "validation accuracy"] : [])
        + ["learning rate", "time"],
      "rows": shown.map { epoch -> Values in
        [
          "epoch": NumberText.count(epoch.epoch),
          "cells": cells(epoch.training) + (hasValidation ? cells(epoch.validation) : [])
            + [NumberText.significant(epoch.learningRate), NumberText.seconds(epoch.seconds)],
        ]
      },
    ]
    if stride > 1 {
      table["note"] =
        "One epoch in \(NumberText.count(stride)) of \(NumberText.count(epochs.count)); all are in history.csv."
    }
    return ["epochs": table]
  }

  /// Precision, recall and F1 of each class, and their means.
  var scoreTable: Values {
    func row(_ name: String, _ scores: ClassificationReport.Scores) -> Values {
      [
        "name": name, "support": NumberText.count(scores.support),
        "shares": [scores.precision, scores.recall, scores.f1Score].map {
          ["share": NumberText.fixed($0, digits: 3), "text": NumberText.percent($0)]
        },
      ]
    }
    do {
      let report = try ClassificationReport(confusionMatrix, classNames: model.classNames)
      return [
        "scores": report.classes.map { row($0.name, $0.scores) },
        "averages": [row("mean", report.macroAverage), row("weighted mean", report.weightedAverage)],
      ]
    } catch {
      preconditionFailure("the matrix has the model's classes: \(error)")
    }
  }
}
