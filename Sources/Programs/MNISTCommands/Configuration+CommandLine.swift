internal import Datasets
internal import NeuralNetwork

extension Configuration {
  /// The arguments of mnist-train that give this configuration: data set, preset and seed, and what differs from the
  /// preset's.
  ///
  /// An instruction set is among them only where it is not the one that this machine takes by itself, so that the arguments
  /// suit other machines. Constants of an optimizer that no option sets are not among them.
  ///
  /// - Parameter data: the data set, on which defaults depend.
  func arguments(for data: ImageDataset) -> [String] {
    var arguments = ["--dataset", dataset, "--preset", preset.rawValue]
    func add(_ option: String, _ value: some CustomStringConvertible, if isOther: Bool = true) {
      if isOther { arguments += [option, value.description] }
    }
    let usual = preset.settings
    let usualCounts = [data.featureCount] + usual.hiddenCounts + [data.classCount]
    add("--architecture", architecture, if: architecture.nodeCounts != usualCounts)
    add("--activation", form.activation.rawValue, if: form.activation != usual.activation)
    add("--biases", form.biases.rawValue, if: form.biases != usual.biases)
    add("--precision", form.precision.rawValue, if: form.precision != usual.precision)
    add("--initializer", initializer.rawValue, if: initializer != usual.initializer)
    arguments += trainingArguments(over: usual.training)
    add("--normalization", normalization.rawValue, if: normalization != usual.normalization)
    let hasParts = data.trainingCount > 0 && data.testCount > 0
    if let testSize, testSize != usual.testSize {
      add("--test-size", testSize)
    } else {
      add("--split", split.rawValue, if: split != (hasParts ? usual.split : .random))
    }
    if let validationSize { add("--validation-size", validationSize) }
    if stratify { arguments.append("--stratify") }
    add("--seed", seed)
    add("--instruction-set", instructionSet.rawValue, if: instructionSet != .widest)
    return arguments
  }

  private func trainingArguments(over usual: TrainingSettings) -> [String] {
    var arguments: [String] = []
    func add(_ option: String, _ value: some CustomStringConvertible, if isOther: Bool = true) {
      if isOther { arguments += [option, value.description] }
    }
    add("--epochs", training.epochs, if: training.epochs != usual.epochs)
    add("--batch-size", training.batchSize, if: training.batchSize != usual.batchSize)
    // The default follows from the optimizer's kind.
    add(
      "--learning-rate", training.learningRate,
      if: training.learningRate != usual.learningRate || training.optimizer.isAdaptive != usual.optimizer.isAdaptive)
    if training.schedule != usual.schedule {
      add("--learning-rate-schedule", training.schedule.name.rawValue)
      switch training.schedule {
      case .constant, .cosine: break
      case .step(let everyEpochs, let factor):
        add("--step-epochs", everyEpochs)
        add("--step-factor", factor)
      case .oneCycle(let warmUp): add("--warm-up", warmUp)
      }
    }
    if training.optimizer != usual.optimizer {
      add("--optimizer", training.optimizer.name.rawValue)
      if let momentum = training.optimizer.momentum { add("--momentum", momentum) }
    }
    add("--loss", training.loss.rawValue, if: training.loss != usual.loss)
    add("--weight-decay", training.weightDecay, if: training.weightDecay != usual.weightDecay)
    add("--dropout", training.dropout, if: training.dropout != usual.dropout)
    add("--label-smoothing", training.labelSmoothing, if: training.labelSmoothing != usual.labelSmoothing)
    if training.shuffles != usual.shuffles { arguments.append(training.shuffles ? "--shuffle" : "--no-shuffle") }
    if let patience = training.patience { add("--early-stopping", patience) }
    return arguments
  }
}
