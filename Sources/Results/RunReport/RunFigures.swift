internal import DisplayText
internal import Drawing
internal import Evaluation
internal import NeuralNetwork

// The numbers on the page: the summary at the top, the curves, the table of epochs and the scores of the classes.

extension RunReport {
  /// The top of the page: the title, a description of the training, and the main results.
  var summary: Values {
    [
      "title":
        "\(data.title), accuracy \(NumberText.percent(confusionMatrix.accuracy)): a training run of mnist-toolkit",
      "heading": data.title, "lead": lead, "facts": facts,
    ]
  }

  private var lead: String {
    let nodes = model.network.architecture.nodeCounts.map(NumberText.count)
    let validation =
      data.validationCount == 0
      ? ""
      : "After each epoch, the network was evaluated on \(NumberText.count(data.validationCount)) validation images. "
    return "The network has layers of \(nodes.dropLast().joined(separator: ", ")) and \(nodes[nodes.count - 1]) nodes. "
      + "It was trained for \(NumberText.count(history.epochs.count, of: "epoch")) on "
      + "\(NumberText.count(data.trainingCount)) images of \(model.rowCount)×\(model.columnCount) pixels; "
      + "an epoch is one pass through all training images. \(validation)"
      + "At the end, the network was tested on \(NumberText.count(data.testCount)) test images, "
      + "which were not used for training."
  }

  private var facts: [Values] {
    let (count, correctCount) = (confusionMatrix.sampleCount, confusionMatrix.correctCount)
    let accuracy = ProportionInterval(successCount: correctCount, sampleCount: count)
    var facts = [
      fact("Accuracy", NumberText.percent(confusionMatrix.accuracy), note: text(accuracy), isMain: true),
      fact("Errors", NumberText.count(count - correctCount), note: "out of \(NumberText.count(count)) test images"),
    ]
    if let known = knownLabelErrors, let accuracy = known.accuracyWithout,
      let interval = known.accuracyWithoutInterval
    {
      facts.append(
        fact(
          "Accuracy without wrong labels", NumberText.percent(accuracy),
          note: "\(text(interval)); \(NumberText.count(known.sampleCount, of: "label")) known to be wrong, "
            + "\(NumberText.count(known.errorCount)) of them among the errors"))
    }
    let epochs = history.epochs
    if let last = epochs.last {
      let validation = last.validation.map { "; validation part \(NumberText.significant($0.cost))" } ?? ""
      facts.append(
        fact("Loss", NumberText.significant(last.cost), note: "training part, epoch \(last.epoch)\(validation)"))
    } else {
      facts.append(fact("Loss", "none", note: "no epoch was completed"))
    }
    let seconds = epochs.reduce(0) { $0 + $1.seconds }
    let note = epochs.isEmpty ? nil : "\(NumberText.seconds(seconds / Double(epochs.count))) per epoch"
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

  /// The curves of loss and accuracy by epoch.
  var curves: Values {
    ["curves": [curve("Loss", "loss", \.cost), curve("Accuracy", "accuracy", \.accuracy)]]
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

  /// The maximum number of rows in the table of epochs. If a training run has more epochs, only some epochs are in the
  /// table, at regular intervals.
  private static let maximumRowCount = 200

  /// The values of the curves as a table. The table is for readers who cannot see the curves or need exact numbers.
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
      "columns": ["epoch", "training loss", "training accuracy"]
        + (hasValidation ? ["validation loss", "validation accuracy"] : [])
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
        "The table shows 1 of every \(NumberText.count(stride)) epochs; history.csv has all \(NumberText.count(epochs.count))."
    }
    return ["epochs": table]
  }

  /// The precision, recall and F1 score of each class, and the averages over all classes.
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
      preconditionFailure("the confusion matrix must have the classes of the model: \(error)")
    }
  }
}
