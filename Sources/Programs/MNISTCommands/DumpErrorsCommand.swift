public import ArgumentParser
internal import DurableFiles
internal import Export
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
        : Array(OutOfFold.suspects(among: evaluated.samples).filter(selection.includes).prefix(selection.limit ?? .max))
      let dump = ErrorDump(
        samples, of: evaluated.data, part: evaluated.part, kind: kind, source: evaluated.source,
        origin: (evaluated.summary, selection), scale: scale)
      let path = try dump.write(to: output, pool: WorkerPool(threadCount: threadCount))
      try DumpSummary(dump, evaluated.summary).print(path: path, showsDigits: !common.quiet)
    } catch {
      throw CommandFailure(error)
    }
  }
}
