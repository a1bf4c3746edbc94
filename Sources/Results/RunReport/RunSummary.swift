internal import Evaluation
internal import NeuralNetwork

/// The head of the page: what was trained, and how well it did.
struct RunSummary {
  let report: RunReport

  init(_ report: RunReport) { self.report = report }

  var values: PageTemplate.Values {
    [
      "title":
        "\(report.data.title), \(NumberText.percent(report.confusionMatrix.accuracy)) right: a run of mnist-toolkit",
      "heading": report.data.title,
      "lead": lead,
      "facts": facts,
    ]
  }

  private var lead: String {
    let (model, data, epochs) = (report.model, report.data, report.history.epochs.count)
    let nodes = model.network.architecture.nodeCounts.map(NumberText.count)
    let last = nodes.count - 1
    let validation = data.validationCount == 0 ? "" : "judged by \(NumberText.count(data.validationCount)) others, "
    return "A network of \(nodes[..<last].joined(separator: ", ")) and \(nodes[last]) nodes, trained for "
      + "\(NumberText.count(epochs, of: "epoch")) on \(NumberText.count(data.trainingCount)) images of "
      + "\(model.rowCount)×\(model.columnCount) pixels, \(validation)tested on \(NumberText.count(data.testCount))."
  }

  private var facts: [PageTemplate.Values] {
    let matrix = report.confusionMatrix
    let wrong = matrix.sampleCount - matrix.correctCount
    var facts = [
      fact(
        "Accuracy", NumberText.percent(matrix.accuracy),
        note: "95 % interval \(interval(matrix.correctCount, matrix.sampleCount))", isMain: true),
      fact("Errors", NumberText.count(wrong), note: "of \(NumberText.count(matrix.sampleCount)) test images"),
    ]
    if let known = report.knownLabelErrors, known.sampleCount < matrix.sampleCount {
      let (correct, all) = known.counts(without: matrix)
      facts.append(
        fact(
          "Without known wrong labels", NumberText.percent(Double(correct) / Double(all)),
          note: "95 % interval \(interval(correct, all)); \(NumberText.count(known.sampleCount, of: "label")), "
            + "\(NumberText.count(known.errorCount)) among the errors"))
    }
    return facts + [cost, time]
  }

  private var cost: PageTemplate.Values {
    guard let last = report.history.epochs.last else {
      return fact("Cost", "none", note: "no epoch was completed")
    }
    let validation = last.validation.map { "; validation \(NumberText.significant($0.cost))" } ?? ""
    return fact("Cost", NumberText.significant(last.cost), note: "training, epoch \(last.epoch)\(validation)")
  }

  private var time: PageTemplate.Values {
    let epochs = report.history.epochs
    let seconds = epochs.reduce(0) { $0 + $1.seconds }
    let note = epochs.isEmpty ? "" : "\(NumberText.seconds(seconds / Double(epochs.count))) an epoch"
    return fact("Training time", NumberText.seconds(seconds), note: note)
  }

  private func interval(_ correct: Int, _ all: Int) -> String {
    let interval = ProportionInterval(successCount: correct, sampleCount: all)
    return "\(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))"
  }

  private func fact(_ name: String, _ value: String, note: String, isMain: Bool = false) -> PageTemplate.Values {
    var values: PageTemplate.Values = ["name": name, "value": value, "isMain": isMain]
    if !note.isEmpty { values["note"] = note }
    return values
  }
}
