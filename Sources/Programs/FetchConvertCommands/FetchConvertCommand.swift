public import ArgumentParser
internal import DatasetFormats
internal import Datasets
internal import DurableFiles
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

  /// Lists, verifies or fetches.
  public func run() throws {
    let sources = try sources()
    let descriptions = sources.compactMap { if case .known(let description) = $0 { description } else { nil } }
    let installer = common.dataFolder.map(DatasetInstaller.init(dataFolder:))
    // Without a data folder a list is still right: it shows every set as absent.
    if installer == nil, !list, let description = descriptions.first(where: { !$0.isEmbedded }) {
      throw CommandFailure(DatasetError.noDataFolder(name: description.name))
    }
    if list {
      try StandardOutput.write(DatasetTable(datasets.isEmpty ? DatasetCatalogue.all : descriptions, installer).text)
    } else if verify {
      for description in descriptions { try verify(description, installer) }
    } else {
      // That a set needs no fetching is worth a line only where nothing else is done with it.
      let fetched = descriptions.filter { !$0.isEmbedded || conversion.format == nil }
      if !fetched.isEmpty { try fetch(fetched, installer) }
      guard conversion.format != nil else { return }
      var outputs: Set<String> = []
      for source in sources {
        try Interruption.endProcessOnSignal()
        try convert(source, installer, &outputs)
      }
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

  private func convert(
    _ source: ConversionSource, _ installer: DatasetInstaller?, _ outputs: inout Set<String>
  ) throws {
    guard let format = conversion.format else { return }
    let job = ConversionJob(
      source: source, format: format, split: conversion.split ?? .all, output: conversion.output,
      imageSize: conversion.imageSize, installer: installer)
    try StandardOutput.line(job.run(earlierOutputs: &outputs))
  }

  private func fetch(_ descriptions: [DatasetDescription], _ installer: DatasetInstaller?) throws {
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
    let fetcher = installer.map {
      DatasetFetcher(
        dataFolder: $0.dataFolder, sources: from.isEmpty ? nil : from, surroundings: surroundings, isOffline: offline,
        replaces: force)
    }
    var generator = SystemRandomNumberGenerator()
    let display = FetchDisplay(
      statusOutput: StatusOutput(isQuiet: common.quiet), isLive: Terminal.showsLiveDrawings && !common.quiet)
    for description in descriptions {
      // Only an embedded set needs no data folder.
      guard let fetcher, !description.isEmbedded else {
        try StandardOutput.line("\(description.name): embedded in the programs, nothing to fetch")
        continue
      }
      do throws(FetchError) {
        try fetcher.fetch(description, using: &generator, report: display.show)
      } catch {
        throw CommandFailure(fetching: description, error)
      }
      try StandardOutput.line("\(description.name): complete in \(fetcher.installer.folder(of: description))")
    }
  }

  /// Checks one set. Of several wrong files, all but the last are told here.
  private func verify(_ description: DatasetDescription, _ installer: DatasetInstaller?) throws {
    guard let installer, !description.isEmbedded else {
      try StandardOutput.line("\(description.name): embedded in the programs, nothing to verify")
      return
    }
    let folder = installer.folder(of: description)
    if installer.isWithoutFiles(description) {
      throw CommandFailure(
        .missingInput,
        "\(folder): \(description.name) is not there; fetch it with: mnist-fetch-convert "
          + description.name)
    }
    let problems = installer.problems(with: description)
    guard let last = problems.last else {
      try StandardOutput.line("\(description.name): complete and verified in \(folder)")
      return
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
