public import ArgumentParser
internal import DurableFiles
public import Export
internal import NeuralNetwork

/// The options that say which network's predictions for which samples are looked at.
struct DumpSourceOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The run folder. (default: runs/latest)", valueName: "run"))
  var runFolder: String?

  @Option(help: ArgumentHelp("A model's file instead of a run; needs --dataset.", valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The data set that the model is tried on: a name that mnist-fetch-convert --list shows, or the path of one.",
      valueName: "name|path"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Which part of the data.",
      discussion: """
        Of a run, test as predicted then, or train or validation predicted anew. With --model, by the data set's own \
        files. (default: test; of a set that has no test part, with --model, all of it)
        """))
  var split: DataPart?

  @Option(
    defaultAsFlag: SuspectFolds(count: 5),
    help: ArgumentHelp(
      "Look for wrong labels in the training part, with so many folds.", valueName: "folds"))
  var suspects: SuspectFolds?

  /// The rules between the options.
  func validate() throws {
    try checkNotEmpty(runFolder, "the run folder's name", expected: "a folder")
    try checkNotEmpty(model, "--model", expected: "a file")
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    if (model == nil) != (dataset == nil) { throw ValidationError("--model and --dataset go together") }
    if model != nil, runFolder != nil { throw ValidationError("a run folder and --model do not go together") }
    guard let suspects else { return }
    if suspects.count < 2 { throw ValidationError("--suspects is \(suspects.count), expected at least 2 folds") }
    if model != nil { throw ValidationError("--suspects needs a run, whose training it repeats, not a --model") }
    if let split, split != .train {
      throw ValidationError("--suspects looks at the training part, not at --split \(split.rawValue)")
    }
  }

  private var runPath: String { runFolder ?? RunFolder.latestPath }

  /// The samples with what the network makes of them.
  ///
  /// - Parameter output: where they will be dumped; where no dump can be made, that shows before any training.
  func evaluated(output: String, dataFolder: String?, threadCount: Int, quiet: Bool) throws -> EvaluatedPart {
    if let model, let dataset {
      return try SavedModel(model, dataset: dataset, dataFolder: dataFolder).evaluated(split, threadCount: threadCount)
    }
    let run = try SavedRun(runPath, dataFolder: dataFolder)
    guard let suspects else { return try run.evaluated(split ?? .test, threadCount: threadCount) }
    let experiment = try run.experiment(threadCount: threadCount)
    let outOfFold = try OutOfFold(experiment, foldCount: suspects.count)
    _ = try StagedFolder(for: output, unownedItem: DumpKind.suspects.unownedItem)
    let display = FoldDisplay(statusOutput: StatusOutput(isQuiet: quiet), foldCount: suspects.count)
    let samples = try outOfFold.samples(progress: display.show, foldDone: display.finish)
    return try EvaluatedPart(
      samples, of: run.data, part: .train, source: run.name,
      classCount: experiment.configuration.architecture.outputCount)
  }

  /// Where the dump goes if nothing else is said.
  func defaultOutput(_ kind: DumpKind) -> String {
    let name = kind == .errors ? RunFolder.errorsFolder : RunFolder.suspectsFolder
    return model == nil ? FilePaths.join(runPath, name) : name
  }
}

/// The number of folds, a type of its own so that an error says what is expected.
struct SuspectFolds: ExpressibleByArgument, CustomStringConvertible {
  let count: Int

  init(count: Int) { self.count = count }

  init?(argument: String) {
    guard let count = Int(argument) else { return nil }
    self.count = count
  }

  var description: String { "\(count)" }
}

extension DataPart: ExpressibleByArgument {}
