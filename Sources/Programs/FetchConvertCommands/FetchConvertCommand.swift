public import ArgumentParser
internal import DatasetFormats
internal import Datasets
internal import Fetching
internal import Foundation
internal import MNISTCommands

/// The command `mnist-fetch-convert`, which fetches data sets into the data folder and converts them.
public struct FetchConvertCommand: ParsableCommand {
  /// The command's name, help texts and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-fetch-convert",
    abstract:
      "Fetches and verifies MNIST and similar data sets, and converts them between IDX, CSV, npz and PNG files.",
    discussion: """
      The program downloads the published files of each data set, checks the size and the checksum of each file, and \
      unpacks the files into the data folder, where mnist-train finds them. An interrupted download is resumed by the \
      next run. A complete data set is not fetched again.

        mnist-fetch-convert
        mnist-fetch-convert fashion kmnist
        mnist-fetch-convert full --from ~/Downloads --from https://example.org/mnist/
        mnist-fetch-convert --list

      With --to, the program also writes each data set in another format. A data set can then be given by name or by \
      path. The format of the files at a path is detected from their content.

        mnist-fetch-convert full --to npz
        mnist-fetch-convert train.csv --to png --output digits-png
        mnist-fetch-convert ./digits-png --to idx-gz --split train

      The environment variables http_proxy, https_proxy, all_proxy and no_proxy select a proxy.
      """,
    version: Program.version)

  @Argument(
    help: ArgumentHelp(
      "The data sets: names that --list shows and, with --to, also paths. (default: full, which is MNIST)"),
    completion: .file())
  var datasets: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      A source to use instead of the data set's mirrors: a base URL or a local folder with the published files. Can be \
      given several times; the sources are tried in this order.
      """,
      valueName: "source"), completion: .directory,
    transform: FetchConvertCommand.source)
  var from: [FetchSource] = []

  @Flag(help: "List the known data sets, and whether each one is in the data folder.")
  var list = false

  @Flag(help: "Check the files in the data folder against their checksums, without fetching anything.")
  var verify = false

  @Flag(help: "Fetch and unpack the data sets again, even if they are complete.")
  var force = false

  @Flag(help: "Do not use the network. Missing files can only be taken from local folders that --from gives.")
  var offline = false

  @OptionGroup(title: "Conversion")
  var conversion: ConversionOptions

  @OptionGroup
  var common: CommonOptions

  /// Creates a command. The argument parser then sets the command's options.
  public init() {}

  /// Checks that the options do not contradict each other.
  ///
  /// - Throws: `ValidationError` at the first contradiction.
  public func validate() throws {
    for dataset in datasets { try checkNotEmpty(dataset, "a data set's name", expected: "a name or a path") }
    if list || verify, force || offline || !from.isEmpty || (list && verify) {
      throw ValidationError(
        "--list and --verify cannot be combined with each other, nor with --from, --force or --offline")
    }
    if list || verify, conversion.format != nil {
      throw ValidationError("--list and --verify cannot be combined with --to")
    }
    if datasets.count > 1, conversion.output != nil {
      throw ValidationError("--output needs a single data set, found \(datasets.count)")
    }
    if offline, from.contains(where: { if case .mirror = $0 { true } else { false } }) {
      throw ValidationError("--offline allows only local folders as sources; remove --from URL or --offline")
    }
  }

  /// Lists the data sets, verifies them, or fetches and converts them.
  ///
  /// - Throws: `CommandFailure` if any step fails.
  public func run() throws {
    let sources = try sources()
    let descriptions = sources.compactMap { if case .known(let description) = $0 { description } else { nil } }
    if list {
      let listed = datasets.isEmpty ? DatasetCatalogue.all : descriptions
      return try StandardOutput.write(DatasetTable.text(listed, dataFolder: common.dataFolder))
    }
    // A missing data folder is reported before any work is done.
    for description in descriptions where !description.isEmbedded { _ = try installer(for: description) }
    if verify { return try descriptions.forEach(verify) }
    // With --to, an embedded data set is converted without fetching. Without --to, `fetch` prints a note about the
    // embedded data set.
    let fetched = descriptions.filter { !$0.isEmbedded || conversion.format == nil }
    if !fetched.isEmpty { try fetch(fetched) }
    guard let format = conversion.format else { return }
    var outputs: Set<String> = []
    for source in sources {
      try Interruption.endProcessOnSignal()
      try StandardOutput.line(
        conversion.convert(source, to: format, dataFolder: common.dataFolder, earlierOutputs: &outputs))
    }
  }

  /// Returns the data sets of the command line without duplicates.
  ///
  /// - Throws: A failure if a name is unknown or a path does not exist. Nothing has been fetched at this point.
  private func sources() throws(CommandFailure) -> [ConversionSource] {
    var sources: [ConversionSource] = []
    for name in datasets.isEmpty ? ["full"] : datasets {
      let source = try ConversionSource(name, allowsPaths: conversion.format != nil)
      if !sources.contains(source) { sources.append(source) }
    }
    return sources
  }

  /// Returns the installer for the data folder.
  ///
  /// - Throws: A failure if there is no data folder. The message names the data set.
  private func installer(for description: DatasetDescription) throws(CommandFailure) -> DatasetInstaller {
    guard let dataFolder = common.dataFolder else {
      throw CommandFailure(DatasetError.noDataFolder(name: description.name))
    }
    return DatasetInstaller(dataFolder: dataFolder)
  }

  private func fetch(_ descriptions: [DatasetDescription]) throws {
    // After a signal, the fetcher keeps the partial download for the next run.
    Interruption.continueAfterSignals()
    let transport = CurlTransport(
      userAgent: "mnist-toolkit/\(Program.version)", environment: ProcessInfo.processInfo.environment)
    let surroundings = FetchSurroundings(
      transport: transport,
      sleep: { duration in
        let end = ContinuousClock().now + duration
        while Interruption.signal == nil, case let left = ContinuousClock().now.duration(to: end), left > .zero {
          Thread.sleep(forTimeInterval: min(left, .milliseconds(50)) / .seconds(1))
        }
      },
      isInterrupted: { Interruption.signal != nil })
    var generator = SystemRandomNumberGenerator()
    let display = FetchDisplay(
      statusOutput: StatusOutput(isQuiet: common.quiet), isLive: Terminal.showsLiveDrawings && !common.quiet)
    for description in descriptions {
      if description.isEmbedded {
        try StandardOutput.line("\(description.name): embedded in the programs, nothing to fetch")
        continue
      }
      let fetcher = DatasetFetcher(
        dataFolder: try installer(for: description).dataFolder, sources: from.isEmpty ? nil : from,
        surroundings: surroundings, isOffline: offline, replaces: force)
      do throws(FetchError) {
        try fetcher.fetch(description, using: &generator, report: display.show)
      } catch {
        throw CommandFailure(error, advising: common.fetchCommand(for: description.name))
      }
      try StandardOutput.line("\(description.name): complete in \(fetcher.installer.folder(of: description))")
    }
  }

  /// Verifies one data set.
  ///
  /// - Throws: A failure if the data set is missing or damaged. If several files are wrong, the failure is about the
  ///   last wrong file. The other wrong files are reported on standard error.
  private func verify(_ description: DatasetDescription) throws {
    if description.isEmbedded {
      return try StandardOutput.line("\(description.name): embedded in the programs, nothing to verify")
    }
    let installer = try installer(for: description)
    let folder = installer.folder(of: description)
    if installer.presentCount(of: description) == 0 {
      throw CommandFailure(
        .missingInput,
        "\(folder): the data set \(description.name) is missing; fetch it with: \(common.fetchCommand(for: description.name))"
      )
    }
    let problems = installer.problems(with: description)
    guard let last = problems.last else {
      return try StandardOutput.line("\(description.name): complete and verified in \(folder)")
    }
    for problem in problems.dropLast() {
      StatusOutput(isQuiet: false).line("\(Self.configuration.commandName ?? ""): \(problem)")
    }
    throw CommandFailure(last)
  }

  private static func source(_ text: String) throws -> FetchSource {
    try checkNotEmpty(text, "the source", expected: "a base URL or a folder")
    guard let source = FetchSource(text) else {
      throw ValidationError("\(text) is neither a base URL nor a folder")
    }
    return source
  }
}

extension CommandFailure {
  /// Creates the failure for an error during a fetch. The message says what to do.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - command: The command that fetches the data set.
  fileprivate init(_ error: FetchError, advising command: String) {
    switch error {
    case .noSource(_, let failures):
      let kinds = failures.map(\.kind)
      let status: ExitStatus =
        if kinds.contains(.wrongContent) {
          .badData
        } else if kinds.allSatisfy({ $0 == .missing }) {
          .missingInput
        } else {
          .unavailable
        }
      let other = "\(command) --from FOLDER"
      let hint = status == .unavailable ? "; if you have the files in a folder: \(other)" : ""
      self.init(status, "\(error)\(hint)")
    case .offline:
      self.init(
        .missingInput,
        "\(error); fetch it without --offline: \(command); or add --from FOLDER")
    case .file(let error):
      self.init(error)
    case .dataset(let error):
      self.init(error)
    case .interrupted:
      self = Interruption.failure("\(error); the same command resumes the download")
    }
  }
}
