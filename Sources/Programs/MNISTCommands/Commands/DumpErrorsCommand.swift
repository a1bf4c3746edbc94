public import ArgumentParser
public import Datasets
internal import DurableFiles
internal import Evaluation
internal import Experiments
internal import Export
internal import NeuralNetwork
internal import Workers

/// `mnist-dump-errors`: the misclassified digits of a run as pictures.
public struct DumpErrorsCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-dump-errors",
    abstract: "Writes the digits that a run got wrong as PNG files.",
    usage: """
      mnist-dump-errors [<run>] [<options>]
      mnist-dump-errors --model <file> --dataset <name|path> [<options>]
      mnist-dump-errors [<run>] --suspects [<folds>] [<options>]
      """,
    discussion: """
      One PNG for each misclassified digit, its name telling index, actual and predicted class, and confidence; \
      errors.csv, which lists them; errors.json, with all of the network's outputs too; and contact-sheet.png, which shows \
      them all, the worst first, or where they are more than 100 contact-sheet-01.png and on. The worst is the one with \
      the largest loss. The index is the place in the data set, training file first, then test file, counted from 0. \
      Pixels are stretched so that the set's largest value is white. A dump that is there already is replaced.

        mnist-dump-errors --sort loss --limit 20
        mnist-dump-errors runs/first --actual 4 --predicted 9
        mnist-dump-errors --model runs/latest/model.safetensors --dataset fashion

      With --suspects it looks for wrong labels instead: the run's training is repeated for each of the folds of the \
      training part, without it, and where the network then says another class than the label, the sample is dumped, the \
      most doubtful label first, into the folder suspects.
      """,
    version: Program.version)

  @OptionGroup(title: "What is looked at")
  var source: DumpSourceOptions

  @OptionGroup(title: "Which of it is shown")
  var selection: SelectionOptions

  @Option(
    help: ArgumentHelp(
      "Where the pictures go. (default: the folder errors, or suspects, in the run folder; with --model in the current one)",
      valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: "How many times as large as the digit each picture is, 1 to 64. (default: to about 112 pixels)")
  var scale: Int?

  @Option(
    parsing: .unconditional,
    help:
      "How many threads share the work, up to one for each processor; the files are the same. (default: one for each processor)"
  )
  var threads: Int?

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The limits of the options.
  public func validate() throws {
    if let scale, !(1...ErrorDump.maximumScale).contains(scale) {
      throw ValidationError("--scale is \(scale), expected 1 to \(ErrorDump.maximumScale)")
    }
    if let threads { try MachineOptions.check(threadCount: threads) }
    try checkNotEmpty(output, "--output", expected: "a folder")
    if source.suspects != nil, selection.all { throw ValidationError("--all does not go with --suspects") }
    if source.suspects != nil, selection.sort != nil {
      throw ValidationError("--sort does not go with --suspects, which have an order of their own")
    }
  }

  /// Reads the run or the model, and writes the pictures.
  public func run() throws {
    do {
      let threadCount = MachineOptions.threadCount(requested: threads)
      let kind: DumpKind = source.suspects == nil ? .errors : .suspects
      let output = output ?? source.defaultOutput(kind)
      let evaluated = try source.evaluated(
        output: output, dataFolder: common.dataFolder, threadCount: threadCount, quiet: common.quiet)
      let selection = try selection.selection(for: evaluated)
      let samples =
        kind == .errors
        ? selection.selected(from: evaluated.samples)
        : Array(evaluated.samples.suspectLabels().filter(selection.includes).prefix(selection.limit ?? .max))
      let dump = ErrorDump(
        samples, of: evaluated.data, part: evaluated.part, kind: kind, source: evaluated.source,
        origin: (evaluated.summary, selection), scale: scale)
      let path = try dump.write(to: output, pool: WorkerPool(threadCount: threadCount))
      try DumpSummary(dump: dump, summary: evaluated.summary).print(path: path, showsDigits: !common.quiet)
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// The options that say which network's predictions for which samples are looked at.
struct DumpSourceOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The run folder; --run names one as well. (default: runs/latest)", valueName: "run"))
  var runFolder: String?

  @OptionGroup
  var source: ModelOptions

  @Option(
    help: ArgumentHelp(
      "The data set that the --model is tried on: a name that mnist-fetch-convert --list shows, or the path of one.",
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

  func validate() throws {
    try checkNotEmpty(runFolder, "the run folder's name", expected: "a folder")
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    if (source.model == nil) != (dataset == nil) { throw ValidationError("--model and --dataset go together") }
    if source.model != nil, runFolder != nil { throw ValidationError("a run folder and --model do not go together") }
    if source.run != nil, runFolder != nil { throw ValidationError("a run folder and --run do not go together") }
    guard let suspects else { return }
    if suspects.count < 2 { throw ValidationError("--suspects is \(suspects.count), expected at least 2 folds") }
    if source.model != nil { throw ValidationError("--suspects needs a run, whose training it repeats, not a --model") }
    if let split, split != .train {
      throw ValidationError("--suspects looks at the training part, not at --split \(split.rawValue)")
    }
  }

  private var runPath: String { runFolder ?? source.runFolder }

  /// The samples with what the network makes of them.
  ///
  /// - Parameter output: where they will be dumped; where no dump can be made, that shows before any training.
  func evaluated(output: String, dataFolder: String?, threadCount: Int, quiet: Bool) throws -> EvaluatedPart {
    if let model = source.model, let dataset {
      return try SavedModel(model, dataset: dataset, dataFolder: dataFolder).evaluated(split, threadCount: threadCount)
    }
    let run = try SavedRun(runPath, dataFolder: dataFolder)
    guard let suspects else { return try run.evaluated(split ?? .test, threadCount: threadCount) }
    let experiment = try run.experiment(threadCount: threadCount)
    let outOfFold = try OutOfFold(experiment, foldCount: suspects.count)
    _ = try StagedFolder(for: output, unownedItem: DumpKind.suspects.unownedItem)
    let display = FoldDisplay(statusOutput: StatusOutput(isQuiet: quiet), foldCount: suspects.count)
    let samples = try outOfFold.predictions(progress: display.show, foldDone: display.finish)
    return try EvaluatedPart(
      samples, of: run.data, part: .train, source: run.name,
      classCount: experiment.configuration.architecture.outputCount)
  }

  /// Where the dump goes if nothing else is said.
  func defaultOutput(_ kind: DumpKind) -> String {
    let name = kind == .errors ? RunFolder.errorsFolder : RunFolder.suspectsFolder
    return source.model == nil ? FilePaths.join(runPath, name) : name
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

/// The options that say which samples are shown, and in which order.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The order of the lists. (default: index)",
      discussion: """
        index: by the place in the data set; confidence: the most confident error first; loss: the largest loss first. \
        Contact sheets always have the largest loss first.
        """))
  var sort: SampleOrder?

  @Option(parsing: .unconditional, help: "The most digits to show; the first ones in the order of --sort.")
  var limit: Int?

  @Option(help: ArgumentHelp("Only digits of this class, by number or name.", valueName: "class"))
  var actual: String?

  @Option(help: ArgumentHelp("Only digits taken for this class, by number or name.", valueName: "class"))
  var predicted: String?

  @Flag(help: "All digits, not only the errors.")
  var all = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit), expected at least 1") }
  }

  /// The selection, once the classes are known.
  func selection(for evaluated: EvaluatedPart) throws(CommandFailure) -> SampleSelection {
    SampleSelection(
      order: sort ?? .index, limit: limit, actual: try label(actual, "--actual", evaluated),
      predicted: try label(predicted, "--predicted", evaluated), includesCorrect: all)
  }

  /// The class that an option names: by its name, where a class has such a one, otherwise by its number.
  private func label(_ text: String?, _ option: String, _ evaluated: EvaluatedPart) throws(CommandFailure) -> Int? {
    guard let text else { return nil }
    let names = evaluated.classNames
    if let label = names.firstIndex(of: text) { return label }
    let withoutCase = names.indices.filter { names[$0].lowercased() == text.lowercased() }
    if withoutCase.count == 1 { return withoutCase[0] }
    guard let label = Int(text), names.indices.contains(label) else {
      throw CommandFailure(
        .usage, "\(option) is '\(text)', expected a class of \(evaluated.data.name): 0 to \(names.count - 1), or a name"
      )
    }
    return label
  }
}

extension SampleOrder: ExpressibleByArgument {}
