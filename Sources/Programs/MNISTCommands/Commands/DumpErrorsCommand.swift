public import ArgumentParser
public import Datasets
internal import DurableFiles
internal import Evaluation
internal import Experiments
internal import Export
internal import NeuralNetwork
internal import Workers

/// The command `mnist-dump-errors`. It writes pictures of misclassified digits, or of samples whose labels are probably
/// wrong.
public struct DumpErrorsCommand: ParsableCommand {
  /// The command's name, help texts and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-dump-errors",
    abstract: "Writes the misclassified digits of a run as PNG files.",
    usage: """
      mnist-dump-errors [<run>] [<options>]
      mnist-dump-errors --model <file> --dataset <name|path> [<options>]
      mnist-dump-errors [<run>] --suspects [<folds>] [<options>]
      """,
    discussion: """
      The program writes a folder with these files. An earlier folder of this kind is replaced.

        *.png              one picture for each misclassified digit
        errors.csv         a list of the digits
        errors.json        the same list with all outputs of the network
        contact-sheet.png  all pictures on one page, largest loss first; more than
                           100 pictures fill contact-sheet-01.png, -02.png, ...

      The name of a picture contains the index of the digit, its actual and predicted class, and the confidence. The \
      index is the position in the data set, counted from 0, first the training file, then the test file. The largest \
      pixel value of the data set is shown as white.

        mnist-dump-errors --sort loss --limit 20
        mnist-dump-errors runs/first --actual 4 --predicted 9
        mnist-dump-errors --model runs/latest/model.safetensors --dataset fashion

      With --suspects, the program looks for wrong labels instead. It divides the training part into folds. For each \
      fold, it repeats the training of the run without this fold and predicts the samples of the fold. Samples whose \
      prediction differs from the label are written to the folder suspects, the most doubtful label first.
      """,
    version: Program.version)

  @OptionGroup(title: "Input")
  var source: DumpSourceOptions

  @OptionGroup(title: "Selection")
  var selection: SelectionOptions

  @Option(
    help: ArgumentHelp(
      """
      The folder to write. (default: errors, or suspects with --suspects, in the run folder; with --model, errors in the \
      current folder)
      """,
      valueName: "folder"), completion: .directory)
  var output: String?

  @Option(
    parsing: .unconditional,
    help: "The enlargement of each digit, 1 to 64 times. (default: the largest with no side above 112 pixels)")
  var scale: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The number of threads, 1 to 1024. At most one thread for each processor is used. The files do not depend on this \
      number. (default: one for each processor)
      """)
  var threads: Int?

  @OptionGroup
  var common: CommonOptions

  /// Creates a command. The argument parser then sets the command's options.
  public init() {}

  /// Checks the range of each option, and that the options do not contradict each other.
  ///
  /// - Throws: `ValidationError` for the first option that is wrong.
  public func validate() throws {
    if let scale, !(1...ErrorDump.maximumScale).contains(scale) {
      throw ValidationError("--scale is \(scale), expected 1 to \(ErrorDump.maximumScale)")
    }
    if let threads { try MachineOptions.check(threadCount: threads) }
    try checkNotEmpty(output, "--output", expected: "a folder")
    if source.suspects != nil, selection.all { throw ValidationError("--all and --suspects cannot be combined") }
    if source.suspects != nil, selection.sort != nil {
      throw ValidationError("--sort and --suspects cannot be combined; suspects are always in order of doubt")
    }
  }

  /// Reads the run or the model, writes the dump and prints a summary.
  ///
  /// - Throws: ``CommandFailure`` if any step fails.
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

/// The options for the run or model, and for the samples that it predicts.
struct DumpSourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run folder. The option --run has the same effect. (default: runs/latest)", valueName: "run"),
    completion: .directory)
  var runFolder: String?

  @OptionGroup
  var source: ModelOptions

  @Option(
    help: ArgumentHelp(
      "The data set for --model: a name that mnist-fetch-convert --list shows, or a path.",
      valueName: "name|path"), completion: .file())
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "The part of the data set.",
      discussion: """
        The parts are those of the run. With --model, they are the data set's own training and test files, and there is \
        no validation part. Default: test; with --model and a data set without a test part, the whole data set.
        """))
  var split: DataPart?

  @Option(
    defaultAsFlag: SuspectFolds(count: 5),
    help: ArgumentHelp(
      "Look for wrong labels in the training part, with this number of folds, at least 2. This repeats the run's training once for each fold.",
      valueName: "folds"))
  var suspects: SuspectFolds?

  func validate() throws {
    try checkNotEmpty(runFolder, "the run folder's name", expected: "a folder")
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    if source.model != nil, runFolder != nil {
      throw ValidationError("a run folder and --model cannot be combined; give only one of them")
    }
    if (source.model == nil) != (dataset == nil) {
      throw ValidationError("--model and --dataset need each other; give both or neither")
    }
    if source.run != nil, runFolder != nil {
      throw ValidationError("the run folder is given twice, as an argument and with --run; give only one of them")
    }
    guard let suspects else { return }
    guard let count = suspects.count, count >= 2 else {
      throw ValidationError("--suspects is \(suspects), expected a whole number of folds, at least 2")
    }
    if source.model != nil {
      throw ValidationError(
        "--suspects needs a run folder, whose training it repeats; it cannot be combined with --model")
    }
    if let split, split != .train {
      throw ValidationError("--suspects uses the training part; it cannot be combined with --split \(split.rawValue)")
    }
  }

  private var runPath: String { runFolder ?? source.runFolder }

  /// Returns the samples with the network's predictions.
  ///
  /// - Parameters:
  ///   - output: The folder of the dump. With `--suspects`, an unusable folder is reported before any training.
  ///   - dataFolder: The path of the data folder; nil if there is no data folder.
  ///   - threadCount: The number of threads.
  ///   - quiet: Whether the display of progress is turned off.
  func evaluated(output: String, dataFolder: String?, threadCount: Int, quiet: Bool) throws -> EvaluatedPart {
    if let model = source.model, let dataset {
      return try SavedModel(model, dataset: dataset, dataFolder: dataFolder).evaluated(split, threadCount: threadCount)
    }
    let run = try SavedRun(runPath, dataFolder: dataFolder)
    guard let suspects else { return try run.evaluated(split ?? .test, threadCount: threadCount) }
    let experiment = try run.experiment(threadCount: threadCount)
    let foldCount = suspects.count ?? 0
    let outOfFold = try OutOfFold(experiment, foldCount: foldCount)
    _ = try StagedFolder(for: output, unownedItem: DumpKind.suspects.unownedItem)
    let display = FoldDisplay(statusOutput: StatusOutput(isQuiet: quiet), foldCount: foldCount)
    let samples = try outOfFold.predictions(progress: display.show, foldDone: display.finish)
    return try EvaluatedPart(
      samples, of: run.data, part: .train, source: run.name,
      classCount: experiment.configuration.architecture.outputCount)
  }

  /// Returns the default folder of the dump, which is used if the command line names no output.
  func defaultOutput(_ kind: DumpKind) -> String {
    let name = kind == .errors ? RunFolder.errorsFolder : RunFolder.suspectsFolder
    return source.model == nil ? FilePaths.join(runPath, name) : name
  }
}

/// The number of folds in the option `--suspects`, which can be given with or without a value.
///
/// If the option has no value, the parser tries to read the next argument as the value. This type accepts only numbers,
/// because any other text may be the run folder. The number is checked later.
struct SuspectFolds: ExpressibleByArgument, CustomStringConvertible {
  let description: String

  init(count: Int) { description = "\(count)" }

  init?(argument: String) {
    guard Double(argument) != nil else { return nil }
    description = argument
  }

  /// The number of folds; nil if the value is not a whole number.
  var count: Int? { Int(description) }
}

extension DataPart: ExpressibleByArgument {}

/// The options for the selection and the order of the samples.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The order of the digits in errors.csv and errors.json. (default: index)",
      discussion: """
        index: by position in the data set. confidence: highest confidence first. loss: largest loss first. Contact \
        sheets always have the largest loss first.
        """))
  var sort: SampleOrder?

  @Option(
    parsing: .unconditional,
    help: "The largest number of digits to write, at least 1: the first ones by --sort, or the most doubtful suspects.")
  var limit: Int?

  @Option(help: ArgumentHelp("Write only digits with this actual class, given by number or name.", valueName: "class"))
  var actual: String?

  @Option(
    help: ArgumentHelp("Write only digits with this predicted class, given by number or name.", valueName: "class"))
  var predicted: String?

  @Flag(help: "Write all digits, not only the misclassified ones.")
  var all = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit), expected at least 1") }
  }

  /// Returns the selection of samples. The names of the classes come from the evaluated part.
  func selection(for evaluated: EvaluatedPart) throws(CommandFailure) -> SampleSelection {
    SampleSelection(
      order: sort ?? .index, limit: limit, actual: try label(actual, "--actual", evaluated),
      predicted: try label(predicted, "--predicted", evaluated), includesCorrect: all)
  }

  /// Returns the number of the class that an option names. The option contains the name or the number of the class.
  /// Names take precedence over numbers.
  private func label(_ text: String?, _ option: String, _ evaluated: EvaluatedPart) throws(CommandFailure) -> Int? {
    guard let text else { return nil }
    let names = evaluated.classNames
    if let label = names.firstIndex(of: text) { return label }
    let withoutCase = names.indices.filter { names[$0].lowercased() == text.lowercased() }
    if withoutCase.count == 1 { return withoutCase[0] }
    guard let label = Int(text), names.indices.contains(label) else {
      throw CommandFailure(
        .usage,
        "\(option) is '\(text)', expected a class of \(evaluated.data.name): 0 to \(names.count - 1), or its name"
      )
    }
    return label
  }
}

extension SampleOrder: ExpressibleByArgument {}
