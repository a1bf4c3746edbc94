internal import Datasets
internal import Drawing
internal import NeuralNetwork

/// The cost against the epoch, as the article draws it.
enum CostCurve {
  static func chart(_ history: TrainingHistory, of experiment: Experiment) -> LineChart {
    let configuration = experiment.configuration
    func series(_ name: String, _ cost: (EpochRecord) -> Double?) -> LineChart.Series {
      LineChart.Series(
        name: name, points: history.epochs.compactMap { epoch in cost(epoch).map { (x: Double(epoch.epoch), y: $0) } })
    }
    let hasValidation = !experiment.parts.validation.isEmpty
    return LineChart(
      title:
        "Cost per epoch: \(experiment.data.name), \(configuration.architecture), rate \(configuration.training.learningRate)",
      xLabel: "epoch", yLabel: "cost",
      series: hasValidation
        ? [series("training", \.cost), series("validation", \.validation?.cost)] : [series("cost", \.cost)])
  }
}
