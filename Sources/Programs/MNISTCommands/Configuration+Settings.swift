internal import NeuralNetwork
internal import RunReport

extension Configuration {
  /// All settings in words, in the order in which they matter.
  var settings: [Reproduction.Setting] {
    typealias Setting = Reproduction.Setting
    func share(_ value: Double) -> String { value == 0 ? "none" : "\(value)" }
    return [
      Setting("preset", preset.rawValue),
      Setting("architecture", architecture.description),
      Setting(
        "biases", form.biases == .units ? "a unit that is always 1, and one more in each hidden layer" : "weights"),
      Setting("activation", "\(form.activation.rawValue), at the outputs \(form.outputActivation.rawValue)"),
      Setting("weights", "\(form.precision.rawValue), drawn as \(initializer.rawValue)"),
      Setting("epochs", "\(training.epochs)"),
      Setting("batch size", "\(training.batchSize)"),
      Setting("learning rate", "\(training.learningRate), \(scheduleText)"),
      Setting("optimizer", training.optimizer.name.rawValue + (training.optimizer.momentum.map { " \($0)" } ?? "")),
      Setting("loss", training.loss.rawValue),
      Setting("weight decay", share(training.weightDecay)),
      Setting("dropout", share(training.dropout)),
      Setting("label smoothing", share(training.labelSmoothing)),
      Setting("order of the samples", training.shuffles ? "a new one in each epoch" : "the same in each epoch"),
      Setting("early stopping", training.patience.map { "after \($0) epochs without a better one" } ?? "none"),
      Setting("pixels", normalization == .none ? "as they are" : "scaled: \(normalization.rawValue)"),
      Setting("split", splitText),
      Setting("validation part", validationSize.map { "\($0) of the training part" } ?? "none"),
      Setting("seed", "\(seed)"),
      Setting("instructions", "\(instructionSet.rawValue); the last digits of a training in batches depend on them"),
    ]
  }

  private var scheduleText: String {
    switch training.schedule {
    case .constant: "the same throughout"
    case .cosine: "falling to 0 as a cosine"
    case .step(let everyEpochs, let factor): "times \(factor) after every \(everyEpochs) epochs"
    case .oneCycle(let warmUp): "in one cycle, rising for \(warmUp) of the training"
    }
  }

  private var splitText: String {
    let stratified = stratify ? ", the classes' shares kept" : ""
    return testSize.map { "\($0) held out at random\(stratified)" } ?? "the data set's own parts"
  }
}
