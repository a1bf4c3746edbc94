public import ArgumentParser
public import NeuralNetwork

/// The options that say how the network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "How often all training samples are gone through. (default: by preset)")
  var epochs: Int?

  @Option(
    parsing: .unconditional, help: "How many samples each change of the weights is made from. (default: by preset)")
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The step width of the gradient descent; of a schedule, the largest one. (default: by preset; 0.001 with \
      adam and adamw)
      """)
  var learningRate: Double?

  @OptionGroup
  var schedule: ScheduleOptions

  @Option(help: "How a gradient changes the weights. (default: by preset)")
  var optimizer: Optimizer.Name?

  @Option(
    parsing: .unconditional,
    help:
      "The share of the last change that is made again; only with --optimizer momentum or nesterov. (default: by preset, else 0.9)"
  )
  var momentum: Double?

  @Option(
    help: ArgumentHelp(
      "What the training makes small. (default: by preset)",
      discussion: """
        article: the squared error, with the article's gradient, which lacks the slope of the output's sigmoid; \
        squared-error: with its own gradient. The outputs are softmax with categorical-cross-entropy, otherwise sigmoid.
        """))
  var loss: Loss?

  @Option(parsing: .unconditional, help: "What share of each weight counts as gradient. (default: by preset)")
  var weightDecay: Double?

  @Option(
    parsing: .unconditional, help: "The share of hidden units left out at random for each sample. (default: by preset)")
  var dropout: Double?

  @Option(
    parsing: .unconditional, help: "The share of each target that is spread over all classes. (default: by preset)")
  var labelSmoothing: Double?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Take the samples in a new random order in each epoch. (default: by preset)")
  var shuffle: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End after so many epochs without a new lowest validation cost.",
      discussion: "The weights are then those of the best epoch. Needs --validation-size. Default: never.",
      valueName: "epochs"))
  var earlyStopping: Int?

  /// The training that these options and a preset make.
  ///
  /// - Throws: where an option contradicts another one or the preset, or is out of its range.
  func settings(over preset: TrainingSettings) throws -> TrainingSettings {
    var settings = preset
    settings.epochs = epochs ?? preset.epochs
    settings.batchSize = batchSize ?? preset.batchSize
    settings.schedule = try schedule.schedule(over: preset.schedule)
    settings.optimizer = try optimizer(over: preset.optimizer)
    settings.learningRate =
      learningRate ?? Self.learningRate(for: settings.optimizer, over: preset)
    settings.loss = loss ?? preset.loss
    settings.weightDecay = weightDecay ?? preset.weightDecay
    settings.dropout = dropout ?? preset.dropout
    settings.labelSmoothing = labelSmoothing ?? preset.labelSmoothing
    settings.shuffles = shuffle ?? preset.shuffles
    settings.patience = earlyStopping ?? preset.patience
    try settings.validate()
    return settings
  }

  /// The preset's, unless its optimizer is of another kind: Adam's steps have the size of the learning rate itself.
  private static func learningRate(for optimizer: Optimizer, over preset: TrainingSettings) -> Double {
    let (isAdam, presetIsAdam) = (optimizer.isAdaptive, preset.optimizer.isAdaptive)
    return isAdam && !presetIsAdam ? 0.001 : preset.learningRate
  }

  private func optimizer(over preset: Optimizer) throws(ValidationError) -> Optimizer {
    let name = optimizer ?? preset.name
    guard let momentum else { return name == preset.name ? preset : Optimizer(name) }
    let changed = Optimizer(name, momentum: momentum)
    guard changed.momentum != nil else {
      throw ValidationError("--momentum goes with --optimizer momentum or nesterov, not with \(name.rawValue)")
    }
    guard momentum >= 0, momentum < 1 else {
      throw ValidationError("the momentum is \(momentum), expected from 0 to below 1")
    }
    return changed
  }
}

extension Optimizer.Name: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
