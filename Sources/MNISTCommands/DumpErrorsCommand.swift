public import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Export

/// `mnist-dump-errors`: the misclassified digits of a run as pictures.
public struct DumpErrorsCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-dump-errors",
    abstract: "Writes the digits that a run got wrong as PNG files.",
    discussion: """
      One PNG for each misclassified digit, its name telling index, actual and predicted class; errors.csv, which lists \
      them; and contact-sheet.png, which shows them all on one page. The index is the place in the data set, training \
      file first, then test file, counted from 0. Pixels are stretched so that the set's largest value is white. A dump \
      that is there already is replaced.
      """,
    version: Program.version)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
  var runFolder = RunFolder.defaultParent + "/" + RunFolder.latestLink

  @Option(
    help: ArgumentHelp("Where the pictures go. (default: the folder errors in the run folder)", valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: "How many times as large as the digit each picture is, 1 to 64. (default: to about 112 pixels)")
  var scale: Int?

  @Option(help: "The order of errors.csv and the contact sheet; by confidence, the most confident error is first.")
  var sort = ErrorDump.Order.index

  @Option(parsing: .unconditional, help: "The most errors to write; the first ones in the order of --sort.")
  var limit: Int?

  @Option(help: "Which part of the run's data: test as predicted then, or train or validation predicted anew.")
  var split = ErrorDump.Part.test

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The limits of the options.
  public func validate() throws {
    if let scale, !(1...ErrorDump.maximumScale).contains(scale) {
      throw ValidationError("--scale is \(scale), expected 1 to \(ErrorDump.maximumScale)")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit), expected at least 1") }
  }

  /// Reads the run and writes the pictures.
  public func run() throws {
    do {
      let saved = try SavedRun(runFolder, dataFolder: common.dataFolder)
      if let scale, saved.data.featureCount * scale * scale > PNG.maximumPixelCount {
        throw CommandFailure(
          .usage, "--scale is \(scale), which makes pictures of more than \(PNG.maximumPixelCount) pixels")
      }
      let predictions = try saved.predictions(for: split)
      let dump = ErrorDump(predictions, of: saved.data, part: split, order: sort, limit: limit, scale: scale)
      let path = try dump.write(to: output ?? FilePaths.join(runFolder, RunFolder.errorsFolder))
      try StandardOutput.line(dump.summary)
      try StandardOutput.line("\(dump.errors.isEmpty ? "List" : "Pictures"): \(path)")
    } catch {
      throw CommandFailure(error)
    }
  }
}
