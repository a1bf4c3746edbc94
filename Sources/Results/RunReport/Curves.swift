internal import Drawing
internal import NeuralNetwork

/// Cost and accuracy against the epoch.
struct Curves {
  let history: TrainingHistory

  init(_ history: TrainingHistory) { self.history = history }

  var values: PageTemplate.Values {
    ["curves": [curve("Cost", "cost", \.cost), curve("Accuracy", "accuracy", \.accuracy)]]
  }

  private func curve(
    _ title: String, _ label: String, _ value: KeyPath<CostAndAccuracy, Double>
  ) -> PageTemplate.Values {
    func points(_ costAndAccuracy: (EpochRecord) -> CostAndAccuracy?) -> [(x: Double, y: Double)] {
      history.epochs.compactMap { epoch in
        costAndAccuracy(epoch).map { (x: Double(epoch.epoch), y: $0[keyPath: value]) }
      }
    }
    var series = [LineChart.Series(name: "training", points: points { $0.training })]
    let validation = points { $0.validation }
    if !validation.isEmpty { series.append(LineChart.Series(name: "validation", points: validation)) }
    let chart = LineChart(title: "\(title) per epoch", xLabel: "epoch", yLabel: label, series: series)
    return [
      "name": title, "svg": chart.svg(style: .inline),
      "legend": series.enumerated().map { ["number": String($0.offset + 1), "name": $0.element.name] },
    ]
  }
}
