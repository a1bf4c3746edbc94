internal import DatasetFormats
internal import Datasets
internal import DurableFiles

extension ImageDataset {
  /// A data set by name, or of any format by its path; what is missing is told with the command that provides it.
  static func forCommand(_ name: String, dataFolder: String?) throws(CommandFailure) -> ImageDataset {
    let known = DatasetCatalogue.description(named: name)
    if known == nil, FilePaths.exists(name) {
      do throws(ConversionError) { return try read(name) } catch {
        guard case .csv(_, .unknownSize) = error else { throw CommandFailure(error) }
        throw CommandFailure(
          .badData, "\(error); tell them with: mnist-fetch-convert \(name) --to npz --image-size ROWSxCOLUMNS")
      }
    }
    do throws(DatasetError) {
      return try named(name, dataFolder: dataFolder)
    } catch {
      let failure = CommandFailure(error)
      guard failure.status == .missingInput, let known else { throw failure }
      throw CommandFailure(
        .missingInput, "\(failure.message); provide it with: mnist-fetch-convert \(known.name)")
    }
  }
}
