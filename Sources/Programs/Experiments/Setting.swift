internal import NeuralNetwork
internal import Splitting

/// The declaration of one setting of an experiment.
///
/// Each setting is declared once, in ``all``. The declaration determines:
/// - how the command line option changes the configuration,
/// - the row in the table of presets,
/// - the texts on the report page and in the summary of a training run,
/// - the argument in the command that repeats a run.
///
/// To add a setting:
/// 1. Add a property to ``Configuration``, or to its `TrainingSettings`. `config.json` then contains the value.
/// 2. Declare the setting in ``all``.
/// 3. Add an option to `mnist-train`. The name of the option's property is the setting's key.
///
/// `SettingTests` fails if one of these steps is missing.
public struct Setting: Sendable {
  /// A function that returns a text about one setting of a configuration.
  typealias Text = @Sendable (Configuration) -> String

  /// The role of a setting in presets and in the command that repeats a run.
  enum Role {
    /// A setting whose value comes from the preset. The command contains the setting only if its value differs from the
    /// preset's value.
    case usual
    /// A detail of the previous setting in the list. The command contains either both settings or neither.
    case detail
    /// A setting that every command contains. Presets have no value for the setting.
    case always
    /// A setting that depends on the machine. Presets have no value for the setting.
    case machine
  }

  /// The name of the option in camel case, such as `learningRate` for `--learning-rate`.
  public let key: String
  let role: Role
  /// Whether the option is a flag. The value of a flag is `yes` or `no`.
  let isFlag: Bool
  /// A function that returns the value in the syntax of the option, or nil if the configuration has no value.
  let value: @Sendable (Configuration) -> String?
  /// The name and the text in the table of presets; nil to use the option's name and value.
  var tableRow: (name: String, text: Text)?
  /// The name and the text on the report page; nil for a setting that is not on the page.
  var page: (name: String, text: Text)?
  /// The text in the summary, and the position of the text. The summary has the text only if the setting differs from
  /// the article's.
  var summary: (place: Int, text: Text)?
  /// A function that changes the setting of a configuration. The first argument is the new value, in the setting's
  /// type.
  let apply: @Sendable (Any, inout Configuration) throws(ExperimentError) -> Void

  /// Creates a setting with functions that read and change the value.
  private init<Value>(
    _ key: String, _ role: Role = .usual, isFlag: Bool = false, value: @escaping @Sendable (Configuration) -> String?,
    tableRow: (name: String, text: Text)? = nil, page: (name: String, text: Text)? = nil,
    summary: (place: Int, text: Text)? = nil,
    apply: @escaping @Sendable (Value, inout Configuration) throws(ExperimentError) -> Void
  ) {
    self.key = key
    self.role = role
    self.isFlag = isFlag
    self.value = value
    self.tableRow = tableRow
    self.page = page
    self.summary = summary
    self.apply = { (given, configuration) throws(ExperimentError) in
      guard let value = given as? Value else { preconditionFailure("\(key) is not a \(Value.self): \(given)") }
      try apply(value, &configuration)
    }
  }

  /// Creates a setting for a number at a key path of the configuration.
  private init<Value: Numeric & CustomStringConvertible & Sendable>(
    _ key: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ role: Role = .usual,
    page: (name: String, text: Text)? = nil, summary: (place: Int, text: Text)? = nil
  ) {
    // Adding 0 turns -0 into 0, so that both values have the same text.
    self.init(key, role, value: { ($0[keyPath: path] + 0).description }, page: page, summary: summary) {
      (value: Value, configuration) in configuration[keyPath: path] = value
    }
  }

  /// Creates a setting for an enumeration case at a key path of the configuration.
  private init<Value: RawRepresentable<String> & Sendable>(
    _ key: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ role: Role = .usual,
    page: (name: String, text: Text)? = nil, summary: (place: Int, text: Text)? = nil
  ) {
    self.init(key, role, value: { $0[keyPath: path].rawValue }, page: page, summary: summary) {
      (value: Value, configuration) in configuration[keyPath: path] = value
    }
  }
}

// MARK: - The declarations

extension Setting {
  /// All settings, in the order of the report page, the table of presets and the command that repeats a run.
  public static let all: [Setting] = [
    Setting(
      "dataset", .always, value: \.dataset,
      apply: { (name: String, configuration) in configuration.dataset = Configuration.fullName(ofDataset: name) }),
    Setting("preset", \.preset, .always, page: ("preset", \.preset.rawValue)),
    Setting(
      "architecture", value: \.architecture.description,
      tableRow: (
        "hidden layers", { $0.architecture.nodeCounts.dropFirst().dropLast().map(String.init).joined(separator: ",") }
      ),
      page: ("architecture", \.architecture.description),
      apply: { (value: Architecture, configuration) in configuration.form.architecture = value }),
    Setting(
      "biases", \.form.biases,
      page: (
        "biases",
        { $0.form.biases == .units ? "a unit that is always 1, and one more in each hidden layer" : "weights" }
      ),
      summary: (11, { _ in "biases as weights" })),
    Setting(
      "activation", \.form.activation,
      page: ("activation", { "\($0.form.activation.rawValue), at the outputs \($0.form.outputActivation.rawValue)" }),
      summary: (4, \.form.activation.rawValue)),
    Setting(
      "precision", \.form.precision,
      page: ("weights", { "\($0.form.precision.rawValue), drawn as \($0.initializer.rawValue)" }),
      summary: (12, \.form.precision.rawValue)),
    Setting("initializer", \.initializer, summary: (10, { "\($0.initializer.rawValue) weights" })),
    Setting("epochs", \.training.epochs, page: ("epochs", { "\($0.training.epochs)" })),
    Setting(
      "batchSize", \.training.batchSize, page: ("batch size", { "\($0.training.batchSize)" }),
      summary: (1, { "batches of \($0.training.batchSize)" })),
    Setting(
      "learningRate", \.training.learningRate,
      page: ("learning rate", { "\($0.training.learningRate), \(Self.words($0.training.schedule))" })),
    Setting(
      "learningRateSchedule", value: \.training.schedule.name.rawValue,
      summary: (3, { "\($0.training.schedule.name.rawValue) learning rate" }),
      apply: { (name: LearningRateSchedule.Name, configuration) in
        guard name != configuration.training.schedule.name else { return }
        configuration.training.schedule =
          switch name {
          case .constant: .constant
          case .cosine: .cosine
          case .oneCycle: .oneCycle()
          // The value 0 means that --step-epochs has not been applied yet. The factor 0.1 is the default in PyTorch.
          case .step: .step(everyEpochs: 0, factor: 0.1)
          }
      }),
    Setting(
      "stepEpochs", .detail,
      value: { if case .step(let epochs, _) = $0.training.schedule { "\(epochs)" } else { nil } },
      apply: { (epochs: Int, configuration) throws(ExperimentError) in
        guard case .step(_, let factor) = configuration.training.schedule else {
          throw Self.misplaced("--step-epochs", .step, configuration)
        }
        guard epochs >= 1 else { throw ExperimentError(.usage, "--step-epochs is \(epochs), expected at least 1") }
        configuration.training.schedule = .step(everyEpochs: epochs, factor: factor)
      }),
    Setting(
      "stepFactor", .detail,
      value: { if case .step(_, let factor) = $0.training.schedule { "\(factor)" } else { nil } },
      apply: { (factor: Double, configuration) throws(ExperimentError) in
        guard case .step(let epochs, _) = configuration.training.schedule else {
          throw Self.misplaced("--step-factor", .step, configuration)
        }
        guard factor > 0, factor.isFinite else {
          throw ExperimentError(.usage, "--step-factor is \(factor), expected a finite number above 0")
        }
        configuration.training.schedule = .step(everyEpochs: epochs, factor: factor)
      }),
    Setting(
      "warmUp", .detail,
      value: { if case .oneCycle(let warmUp) = $0.training.schedule { "\(warmUp)" } else { nil } },
      apply: { (warmUp: Double, configuration) throws(ExperimentError) in
        guard case .oneCycle = configuration.training.schedule else {
          throw Self.misplaced("--warm-up", .oneCycle, configuration)
        }
        guard warmUp > 0, warmUp < 1 else {
          throw ExperimentError(.usage, "--warm-up is \(warmUp), expected a number above 0 and below 1")
        }
        configuration.training.schedule = .oneCycle(warmUp: warmUp)
      }),
    Setting(
      "optimizer", value: \.training.optimizer.name.rawValue,
      page: ("optimizer", { Self.words($0.training.optimizer) }), summary: (2, { Self.words($0.training.optimizer) }),
      apply: { (name: Optimizer.Name, configuration) in
        if name != configuration.training.optimizer.name { configuration.training.optimizer = Optimizer(name) }
      }),
    Setting(
      "momentum", .detail, value: { $0.training.optimizer.momentum.map { "\($0)" } },
      apply: { (momentum: Double, configuration) throws(ExperimentError) in
        let name = configuration.training.optimizer.name
        let changed = Optimizer(name, momentum: momentum)
        guard changed.momentum != nil else {
          throw ExperimentError(
            .usage, "--momentum goes with --optimizer momentum or nesterov, not with \(name.rawValue)")
        }
        guard momentum >= 0, momentum < 1 else {
          throw ExperimentError(.usage, "the momentum is \(momentum), expected from 0 to below 1")
        }
        configuration.training.optimizer = changed
      }),
    Setting(
      "loss", value: \.training.loss.rawValue, page: ("loss", \.training.loss.rawValue),
      summary: (5, \.training.loss.rawValue),
      apply: { (loss: Loss, configuration) in
        configuration.training.loss = loss
        configuration.form.outputActivation = loss.outputActivation
      }),
    Setting(
      "weightDecay", \.training.weightDecay, page: ("weight decay", { Self.share($0.training.weightDecay) }),
      summary: (6, { "weight decay \($0.training.weightDecay)" })),
    Setting(
      "dropout", \.training.dropout, page: ("dropout", { Self.share($0.training.dropout) }),
      summary: (7, { "dropout \($0.training.dropout)" })),
    Setting(
      "labelSmoothing", \.training.labelSmoothing,
      page: ("label smoothing", { Self.share($0.training.labelSmoothing) }),
      summary: (8, { "label smoothing \($0.training.labelSmoothing)" })),
    Setting(
      "shuffle", isFlag: true, value: { $0.training.shuffles ? "yes" : "no" },
      page: ("order of the samples", { $0.training.shuffles ? "a new one in each epoch" : "the same in each epoch" }),
      summary: (9, { _ in "shuffled" }),
      apply: { (shuffles: Bool, configuration) in configuration.training.shuffles = shuffles }),
    Setting(
      "earlyStopping", value: { $0.training.patience.map { "\($0)" } },
      page: (
        "early stopping", { $0.training.patience.map { "after \($0) epochs without a better one" } ?? "none" }
      ),
      apply: { (patience: Int, configuration) in configuration.training.patience = patience }),
    Setting(
      "normalization", \.normalization,
      page: (
        "pixels", { $0.normalization == .none ? "as they are" : "scaled: \($0.normalization.rawValue)" }
      )),
    Setting(
      // A test size other than the default implies the split. The command then contains only the test size.
      "split", value: { Self.ownTestSize($0) == nil ? $0.split.rawValue : nil },
      page: (
        "split",
        { configuration in
          let stratified = configuration.stratify ? ", the classes' shares kept" : ""
          return configuration.testSize.map { "\($0) held out at random\(stratified)" } ?? "the data set's own parts"
        }
      ),
      apply: { (split: Configuration.Split, configuration) in configuration.split = split }),
    Setting(
      "testSize", value: Self.ownTestSize,
      apply: { (size: TestSize, configuration) in configuration.testSize = size }),
    Setting(
      "validationSize", value: { $0.validationSize.map { "\($0)" } },
      page: ("validation part", { $0.validationSize.map { "\($0) of the training part" } ?? "none" }),
      // For the option, 0 means no validation part.
      apply: { (size: TestSize, configuration) in configuration.validationSize = size == .count(0) ? nil : size }),
    Setting(
      "stratify", isFlag: true, value: { $0.stratify ? "yes" : nil },
      apply: { (stratify: Bool, configuration) in configuration.stratify = stratify }),
    Setting("seed", \.seed, .always, page: ("seed", { "\($0.seed)" })),
    Setting(
      "instructionSet", \.instructionSet, .machine,
      page: (
        "instructions", { "\($0.instructionSet.rawValue); the last digits of a training in batches depend on them" }
      )),
  ]

  private static func share(_ value: Double) -> String { value == 0 ? "none" : "\(value)" }

  private static func words(_ optimizer: Optimizer) -> String {
    optimizer.name.rawValue + (optimizer.momentum.map { " \($0)" } ?? "")
  }

  private static func words(_ schedule: LearningRateSchedule) -> String {
    switch schedule {
    case .constant: "the same throughout"
    case .cosine: "falling to 0 as a cosine"
    case .step(let everyEpochs, let factor): "times \(factor) after every \(everyEpochs) epochs"
    case .oneCycle(let warmUp): "in one cycle, rising for \(warmUp) of the training"
    }
  }

  private static func misplaced(
    _ option: String, _ expected: LearningRateSchedule.Name, _ configuration: Configuration
  ) -> ExperimentError {
    ExperimentError(
      .usage,
      "\(option) goes with --learning-rate-schedule \(expected.rawValue), not with "
        + configuration.training.schedule.name.rawValue)
  }

  private static func ownTestSize(_ configuration: Configuration) -> String? {
    configuration.testSize.flatMap { $0 == Configuration.usualTestSize ? nil : "\($0)" }
  }
}

// MARK: - Texts and arguments made from the declarations

extension Setting {
  /// The option's name, such as `--learning-rate`.
  public var option: String { "--" + dashed }

  private var dashed: String { key.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) } }

  /// Returns the command line arguments for the setting's value; an empty array if the configuration has no value.
  func arguments(for configuration: Configuration) -> [String] {
    guard let value = value(configuration) else { return [] }
    guard isFlag else { return [option, value] }
    return [value == "yes" ? option : "--no-" + dashed]
  }

  /// Returns the settings that differ between two configurations, and the settings that every command contains.
  ///
  /// - Returns: One slice of ``all`` for each such setting. The slice contains the setting and its details.
  static func groups(of configuration: Configuration, differingFrom other: Configuration) -> [ArraySlice<Setting>] {
    var groups: [ArraySlice<Setting>] = []
    var start = 0
    while start < all.count {
      let end = all[(start + 1)...].firstIndex { $0.role != .detail } ?? all.count
      let group = all[start..<end]
      if group.contains(where: { $0.role == .always || $0.value(configuration) != $0.value(other) }) {
        groups.append(group)
      }
      start = end
    }
    return groups
  }

  /// Returns the summary text of each setting that differs from the article's, in the order of the summary.
  static func differences(of configuration: Configuration) -> [String] {
    let architecture = configuration.architecture
    guard
      let article = try? Preset.article.configuration(
        inputCount: architecture.inputCount, outputCount: architecture.outputCount, hasOwnParts: false)
    else { return [] }
    let summaries = groups(of: configuration, differingFrom: article).joined().compactMap(\.summary)
    return summaries.sorted { $0.place < $1.place }.map { $0.text(configuration) }
  }

  /// Returns a table of the presets as text, with a row for each setting and a column for each preset.
  ///
  /// The table contains only settings whose values come from presets. Each line is indented by two spaces.
  public static func presetTable() -> String {
    let presets = Preset.allCases.compactMap {
      try? $0.configuration(inputCount: 1, outputCount: 1, hasOwnParts: true)
    }
    let rows = all.filter { $0.role == .usual || $0.role == .detail }.map { setting in
      let name = setting.tableRow?.name ?? setting.option
      return [name] + presets.map { setting.tableRow?.text($0) ?? setting.value($0) ?? "-" }
    }
    let lines = ([[""] + Preset.allCases.map(\.rawValue)] + rows.filter { $0.dropFirst().contains { $0 != "-" } })
      .flatMap(tableLines)
    // The text is ASCII, so each character is one byte. Counting bytes is much faster than counting characters.
    let widths = lines[0].indices.map { column in lines.map { $0[column].utf8.count }.max() ?? 0 }
    return lines.map { line in
      var text = ""
      for (cell, width) in zip(line, widths) {
        text += "  " + cell + String(repeating: " ", count: width - cell.utf8.count)
      }
      while text.utf8.last == UInt8(ascii: " ") { text.unicodeScalars.removeLast() }
      return text
    }.joined(separator: "\n")
  }

  /// Returns a row of the table as one or more lines.
  ///
  /// A value of more than 16 bytes is broken after a hyphen and continues on the next line. The table then stays
  /// narrower than a terminal.
  private static func tableLines(_ row: [String]) -> [[String]] {
    let maximumWidth = 16
    var (line, rest) = (row, [String](repeating: "", count: row.count))
    for column in row.indices.dropFirst() where row[column].utf8.count > maximumWidth {
      let start = row[column].prefix(maximumWidth)
      guard let hyphen = start.lastIndex(of: "-") else { continue }
      line[column] = String(start[...hyphen])
      rest[column] = String(row[column][hyphen...].dropFirst())
    }
    return [line] + (rest.allSatisfy(\.isEmpty) ? [] : tableLines(rest))
  }
}
