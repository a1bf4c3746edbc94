internal import DatasetFormats
internal import Datasets
internal import DisplayText
internal import DurableFiles
internal import MNISTCommands

/// One data set to be written in a format.
struct ConversionJob {
  let source: ConversionSource
  let format: DatasetFormat
  let split: DatasetSplit
  /// The path to write to; by default one in the current folder.
  let output: String?
  /// The images' size, for CSV files that do not tell it.
  let imageSize: ImageSize?
  /// It knows where the known sets lie; nil where there is no data folder.
  let installer: DatasetInstaller?

  /// Reads and writes.
  ///
  /// - Parameter earlierOutputs: what the same call has written before; this output is added.
  /// - Returns: a line that says what was written, and where.
  func run(earlierOutputs: inout Set<String>) throws(CommandFailure) -> String {
    do {
      let data = try read()
      let output = output ?? defaultOutput(for: data.name)
      try check(output)
      guard earlierOutputs.insert(FilePaths.resolvedAsFarAsThere(output)).inserted else {
        throw CommandFailure(
          .usage,
          "\(output): another of the data sets has just been written there; name this one's --output, in a call of its own"
        )
      }
      try data.write(to: output, as: format, split: split)
      let counts = [
        split == .test || data.trainingCount == 0 ? nil : "\(data.trainingCount) training",
        split == .train || data.testCount == 0 ? nil : "\(data.testCount) test",
      ]
      return "\(data.name): \(counts.compactMap(\.self).joined(separator: " and ")) images of "
        + "\(data.rowCount)x\(data.columnCount) as \(format.rawValue) in \(output)"
    } catch let error as ConversionError {
      guard case .csv(_, .unknownSize) = error else { throw CommandFailure(error) }
      throw CommandFailure(CommandFailure(error).status, "\(error), with --image-size ROWSxCOLUMNS")
    } catch {
      throw CommandFailure(error)
    }
  }

  private func read() throws -> ImageDataset {
    switch source {
    case .path(let path): return try .read(path, imageSize: imageSize)
    case .known(let description):
      let data = try ImageDataset.named(description.name, dataFolder: installer?.dataFolder)
      let size = ImageSize(rowCount: data.rowCount, columnCount: data.columnCount)
      if let imageSize, imageSize != size {
        throw CommandFailure(
          .usage, "\(description.name): images of \(size) pixels, expected \(imageSize) as --image-size says")
      }
      return data
    }
  }

  /// Such as `full.npz`, `full-test.csv` or `full-png`.
  private func defaultOutput(for name: String) -> String {
    // What was named so here before is not named for both formats.
    let ending = DatasetFormat.allCases.map { "-" + $0.rawValue }.first { name.hasSuffix($0) && name != $0 }
    let plainName = String(name.dropLast(ending?.count ?? 0)).asFileNamePart()
    let stem = split == .all ? plainName : "\(plainName)-\(split.rawValue)"
    switch format {
    case .npz: return stem + ".npz"
    case .csv: return split == .all ? stem + "-csv" : stem + ".csv"
    case .idx, .idxGzip, .png: return "\(stem)-\(format.rawValue)"
    }
  }

  /// What is written must not be what is read, nor lie in it or in what the data folder keeps.
  private func check(_ output: String) throws(CommandFailure) {
    let output = FilePaths.resolvedAsFarAsThere(output)
    if case .path(let path) = source, let input = FilePaths.resolved(path),
      FilePaths.contains(output, input) || FilePaths.contains(input, output)
    {
      throw CommandFailure(.usage, "\(output): the data set that is read lies there, choose another --output")
    }
    guard let installer else { return }
    for description in DatasetCatalogue.all where !description.isEmbedded {
      let kept = FilePaths.resolvedAsFarAsThere(installer.folder(of: description))
      if FilePaths.contains(kept, output) || FilePaths.contains(output, kept) {
        throw CommandFailure(
          .usage, "\(output): the data folder keeps \(description.name) there, choose another --output")
      }
    }
  }
}
