internal import NeuralNetwork

/// The curves as numbers, for those who do not see them or want to know exactly.
struct EpochTable {
  /// So many rows are still looked at; of more epochs only every second, third ... is shown.
  static let maximumRowCount = 200

  let history: TrainingHistory

  init(_ history: TrainingHistory) { self.history = history }

  var values: PageTemplate.Values {
    let epochs = history.epochs
    guard let last = epochs.last else { return [:] }
    let hasValidation = epochs.contains { $0.validation != nil }
    let stride = max(1, (epochs.count + Self.maximumRowCount - 1) / Self.maximumRowCount)
    let shown = epochs.filter { $0.epoch % stride == 0 || $0.epoch == 1 || $0.epoch == last.epoch }
    var table: PageTemplate.Values = [
      "columns": ["epoch", "cost", "accuracy"] + (hasValidation ? ["validation cost", "validation accuracy"] : [])
        + ["learning rate", "time"],
      "rows": shown.map { epoch -> PageTemplate.Values in
        ["epoch": NumberText.count(epoch.epoch), "cells": Self.cells(epoch, hasValidation: hasValidation)]
      },
    ]
    if stride > 1 {
      table["note"] =
        "One epoch in \(NumberText.count(stride)) of \(NumberText.count(epochs.count)); all are in history.csv."
    }
    return ["epochs": table]
  }

  private static func cells(_ epoch: EpochRecord, hasValidation: Bool) -> [String] {
    func cells(_ costAndAccuracy: CostAndAccuracy?) -> [String] {
      guard let costAndAccuracy else { return ["", ""] }
      return [NumberText.significant(costAndAccuracy.cost), NumberText.percent(costAndAccuracy.accuracy)]
    }
    return cells(epoch.training) + (hasValidation ? cells(epoch.validation) : [])
      + [NumberText.significant(epoch.learningRate), NumberText.seconds(epoch.seconds)]
  }
}
