internal import Datasets
internal import NeuralNetwork

extension Experiment {
  /// The lines that describe the experiment: two, and a third one for settings that are not the article's.
  var summary: [String] {
    let training = configuration.training
    var lines = [
      "\(data.name): \(data.count) samples of dimension \(data.featureCount) (\(data.rowCount)x\(data.columnCount)), "
        + "\(data.classCount) classes",
      "training on \(parts.train.count), "
        + (parts.validation.isEmpty ? "" : "validating on \(parts.validation.count), ")
        + "testing on \(parts.test.count); architecture \(configuration.architecture), \(training.epochs) "
        + "\(training.epochs == 1 ? "epoch" : "epochs"), learning rate \(training.learningRate), "
        + "seed \(configuration.seed)",
    ]
    if !differences.isEmpty { lines.append("preset \(configuration.preset.rawValue): \(differences)") }
    return lines
  }

  /// The settings that are not the article's, besides those that every summary names.
  private var differences: String {
    let (form, training, article) = (configuration.form, configuration.training, PresetSettings.article)
    var differences: [String] = []
    func add(_ isOther: Bool, _ text: String) { if isOther { differences.append(text) } }
    add(training.batchSize != article.training.batchSize, "batches of \(training.batchSize)")
    let momentum = training.optimizer.momentum.map { " \($0)" } ?? ""
    add(training.optimizer != article.training.optimizer, training.optimizer.name.rawValue + momentum)
    add(training.schedule != article.training.schedule, "\(training.schedule.name.rawValue) learning rate")
    add(form.activation != article.activation, form.activation.rawValue)
    add(training.loss != article.training.loss, training.loss.rawValue)
    add(training.weightDecay > 0, "weight decay \(training.weightDecay)")
    add(training.dropout > 0, "dropout \(training.dropout)")
    add(training.labelSmoothing > 0, "label smoothing \(training.labelSmoothing)")
    add(training.shuffles, "shuffled")
    add(configuration.initializer != article.initializer, "\(configuration.initializer.rawValue) weights")
    add(form.biases != article.biases, "biases as weights")
    add(form.precision != article.precision, form.precision.rawValue)
    return differences.joined(separator: ", ")
  }
}
