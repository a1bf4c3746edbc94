internal import Datasets

extension ImageDataset {
  /// A data set by name; what is missing is told with the command that provides it.
  static func forCommand(_ name: String, dataFolder: String) throws(CommandFailure) -> ImageDataset {
    do throws(DatasetError) {
      return try named(name, dataFolder: dataFolder)
    } catch {
      let failure = CommandFailure(error)
      guard failure.status == .missingInput, let known = DatasetCatalogue.description(named: name) else {
        throw failure
      }
      throw CommandFailure(
        .missingInput, "\(failure.message); provide it with: mnist-fetch-convert \(known.name)")
    }
  }
}
