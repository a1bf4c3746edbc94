public import ArgumentParser
internal import Datasets
internal import DurableFiles

/// `mnist-fetch-convert`: brings data sets into the data folder.
public struct FetchConvertCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-fetch-convert",
    abstract: "Verifies the files of a data set and unpacks them into the data folder.",
    discussion: """
      The four official files of MNIST, as downloaded, are checked against their published SHA-256 and unpacked to raw \
      IDX files in the folder `full` of the data folder, where mnist-train finds them. Nothing is downloaded: fetch the \
      four files first, for instance with a browser. Where the data folder is complete already, --from is not needed.

        mnist-fetch-convert full --from ~/Downloads
      """,
    version: Program.version)

  @Argument(help: "The data sets: full (alias mnist); digits is embedded and needs nothing.")
  var datasets: [String] = ["full"]

  @Option(help: ArgumentHelp("The local folder that holds the published .gz files.", valueName: "folder"))
  var from: String?

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// Installs each data set in turn.
  public func run() throws {
    let remarks = Remarks(isQuiet: common.quiet)
    let installer = DatasetInstaller(dataFolder: common.dataFolder)
    for name in datasets {
      guard let description = DatasetCatalogue.description(named: name) else {
        let known = DatasetCatalogue.all.map(\.name).joined(separator: ", ")
        throw CommandFailure(.usage, "\(name): unknown data set, expected one of \(known)")
      }
      if description.files.isEmpty {
        try StandardOutput.line("\(description.name): embedded in the programs, nothing to fetch")
        continue
      }
      if from == nil, installer.isComplete(description) {
        try StandardOutput.line("\(description.name): complete in \(installer.folder(of: description))")
        continue
      }
      guard let from else {
        throw CommandFailure(.usage, "--from FOLDER is missing: the folder that holds the four published .gz files")
      }
      guard FilePaths.isFolder(from) else { throw CommandFailure(.missingInput, "\(from): there is no such folder") }
      do {
        try installer.install(description, from: from) { event in
          switch event {
          case .present(let path): remarks.line("\(path): there already, checksum right")
          case .verified(let path): remarks.line("\(path): checksum right")
          case .written(let path, let byteCount): remarks.line("\(path): \(byteCount) bytes written")
          }
        }
      } catch {
        throw CommandFailure(error)
      }
      try StandardOutput.line("\(description.name): complete in \(installer.folder(of: description))")
    }
  }
}
