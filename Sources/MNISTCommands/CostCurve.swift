internal import Export
internal import NeuralNetwork

/// The cost against the epoch, as the article draws it.
enum CostCurve {
  static func chart(_ history: TrainingHistory, of record: RunFolder.Record) -> LineChart {
    let configuration = record.configuration
    let points = history.epochs.map { (x: Double($0.epoch), y: $0.cost) }
    return LineChart(
      title: "Cost per epoch: \(record.data.name), \(configuration.architecture), rate \(configuration.learningRate)",
      xLabel: "epoch", yLabel: "cost", series: [LineChart.Series(name: "cost", points: points)])
  }
}
