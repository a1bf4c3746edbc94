public import ArgumentParser
internal import DatasetFormats
internal import Datasets
internal import Fetching
internal import Foundation
internal import MNISTCommands

/// `mnist-fetch-convert`: brings data sets into the data folder.
public struct FetchConvertCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-fetch-convert",
    abstract: "Fetches data sets, verifies them, and converts them from and to IDX, CSV, NumPy's .npz and PNG files.",
    discussion: """
      The files come from the data set's mirrors, or from the base URLs and local folders that --from names. Size and \
      published checksum of each are compared before it is unpacked to raw IDX in the set's folder of the data folder, \
      where mnist-train finds it. What broke off is gone on with from the same mirror, by the next attempt or the next \
      run. A data set that is complete is left alone.

        mnist-fetch-convert
        mnist-fetch-convert fashion kmnist
        mnist-fetch-convert full --from ~/Downloads --from https://example.org/mnist/
        mnist-fetch-convert --list

      With --to a data set is written in another format, too: one by its name, once it is complete, or any that lies at \
      a path, whose format is found by its content.

        mnist-fetch-convert full --to npz
        mnist-fetch-convert train.csv --to png --output digits-png
        mnist-fetch-convert ./digits-png --to idx-gz --split train

      Proxies are those of http_proxy, https_proxy, all_proxy and no_proxy.
      """,
    version: Program.version)

  @Argument(
    help: ArgumentHelp(
      "The data sets, by the names that --list shows; with --to also by their paths. (default: full)"))
  var datasets: [String] = []

  @Option(
    help: ArgumentHelp(
      "A base URL or a local folder that has the published files, instead of the mirrors; repeatable, asked in order.",
      valueName: "source"),
    transform: FetchConvertCommand.source)
  var from: [FetchSource] = []

  @Flag(help: "Show the data sets, and which of them the data folder holds.")
  var list = false

  @Flag(help: "Check the files in the data folder against their checksums; fetch nothing.")
  var verify = false

  @Flag(help: "Fetch and unpack anew what is there already.")
  var force = false

  @Flag(help: "Leave the network alone: what is not there can come from local folders only.")
  var offline = false

  @OptionGroup(title: "Conversion")
  var conversion: ConversionOptions

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The rules between options.
  public func validate() throws {
    for dataset in datasets { try checkNotEmpty(dataset, "a data set's name", expected: "a name or a path") }
    if list || verify, force || offline || !from.isEmpty || (list && verify) {
      throw ValidationError("--list and --verify look only, and go with no option of what is fetched, nor together")
    }
    if list || verify, conversion.format != nil {
      throw ValidationError("--list and --verify look only, and do not go with --to")
    }
    if datasets.count > 1, conversion.output != nil {
      throw ValidationError("--output goes with one data set, found \(datasets.count)")
    }
    if offline, from.contains(where: { if case .mirror = $0 { true } else { false } }) {
      throw ValidationError("--offline goes with local folders only, not with --from URL")
    }
  }

  /// Lists, verifies, or fetches and converts.
  public func run() throws {
    let sources = try sources()
    let descriptions = sources.compactMap { if case .known(let description) = $0 { description } else { nil } }
    if list {
      let listed = datasets.isEmpty ? DatasetCatalogue.all : descriptions
      return try StandardOutput.write(DatasetTable.text(listed, dataFolder: common.dataFolder))
    }
    // A missing data folder is told before anything is done.
    for description in descriptions where !description.isEmbedded { _ = try installer(for: description) }
    if verify { return try descriptions.forEach(verify) }
    // That a set needs no fetching is worth a line only where nothing else is done with it.
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

  /// What is asked for, each once. Paths that lead nowhere are told before anything is fetched.
  private func sources() throws(CommandFailure) -> [ConversionSource] {
    var sources: [ConversionSource] = []
    for name in datasets.isEmpty ? ["full"] : datasets {
      let source = try ConversionSource(name, allowsPaths: conversion.format != nil)
      if !sources.contains(source) { sources.append(source) }
    }
    return sources
  }

  /// The installer of the data folder, which every set needs that is not embedded.
  private func installer(for description: DatasetDescription) throws(CommandFailure) -> DatasetInstaller {
    guard let dataFolder = common.dataFolder else {
      throw CommandFailure(DatasetError.noDataFolder(name: description.name))
    }
    return DatasetInstaller(dataFolder: dataFolder)
  }

  private func fetch(_ descriptions: [DatasetDescription]) throws {
    // What has come so far is kept for the next run.
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
        throw CommandFailure(fetching: description, error)
      }
      try StandardOutput.line("\(description.name): complete in \(fetcher.installer.folder(of: description))")
    }
  }

  /// Checks one set. Of several wrong files, all but the last are told here.
  private func verify(_ description: DatasetDescription) throws {
    if description.isEmbedded {
      return try StandardOutput.line("\(description.name): embedded in the programs, nothing to verify")
    }
    let installer = try installer(for: description)
    let folder = installer.folder(of: description)
    if installer.presentCount(of: description) == 0 {
      throw CommandFailure(
        .missingInput,
        "\(folder): \(description.name) is not there; fetch it with: mnist-fetch-convert \(description.name)")
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
  /// The failure that an error of a fetch amounts to.
  init(fetching description: DatasetDescription, _ error: FetchError) {
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
      let other = "mnist-fetch-convert \(description.name) --from FOLDER"
      let hint = status == .unavailable ? "; with the files in a folder: \(other)" : ""
      self.init(status, "\(error)\(hint)")
    case .offline:
      self.init(
        .missingInput,
        "\(error); fetch it with: mnist-fetch-convert \(description.name), or from a folder with: --from FOLDER")
    case .file(let error):
      self.init(error)
    case .dataset(let error):
      self.init(error)
    case .interrupted:
      self = Interruption.failure("\(error); what has come is kept, and the same command goes on from there")
    }
  }
}
