internal import Datasets
internal import DurableFiles
internal import MNISTCommands

/// A data set that a command line names.
enum ConversionSource: Equatable {
  /// One of the catalogue.
  case known(DatasetDescription)
  /// One that lies somewhere.
  case path(String)

  /// A name of the catalogue's, which goes before a file's, or else a path.
  init(_ name: String, allowsPaths: Bool) throws(CommandFailure) {
    if let description = DatasetCatalogue.description(named: name) {
      self = .known(description)
      return
    }
    let known = DatasetCatalogue.all.map(\.name).joined(separator: ", ")
    guard FilePaths.exists(name) else {
      guard allowsPaths, name.contains("/") || name.contains(".") else {
        throw CommandFailure(.usage, "\(name): unknown data set, expected one of \(known)")
      }
      throw CommandFailure(.missingInput, "\(name): there is no such file or folder")
    }
    guard allowsPaths else {
      throw CommandFailure(.usage, "\(name): nothing to fetch; to convert what is there, name a format with --to")
    }
    self = .path(name)
  }
}
