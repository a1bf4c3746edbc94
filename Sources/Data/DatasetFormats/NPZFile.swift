internal import Archives
internal import Datasets
internal import DurableFiles
internal import Memory

/// Data sets as .npz files in Keras's layout.
enum NPZFile {
  private static let arrayNames = ["x_train", "y_train", "x_test", "y_test"]

  /// The largest directory of an archive that is read: 1 MiB, room for some 10,000 arrays besides the four that matter.
  private static let maximumDirectoryByteCount = 1 << 20

  private static func archive(in file: FileReader) throws -> ZipArchive {
    try ZipArchive(
      byteCount: file.byteCount, maximumDirectoryByteCount: maximumDirectoryByteCount, reading: file.read)
  }

  static func read(_ path: String, name: String, imageSize: ImageSize?) throws(ConversionError) -> ImageDataset {
    let archive: KerasArchive
    do {
      archive = try KerasArchive(
        Self.archive(in: FileReader(path)), imageSize: imageSize.map { ($0.rowCount, $0.columnCount) })
    } catch {
      throw conversionError(error, path)
    }
    guard archive.count > 0 else { throw .noImages(path: path) }
    return ImageDataset(
      name: name, rowCount: archive.rowCount, columnCount: archive.columnCount, pixels: archive.pixels,
      labels: archive.labels, trainingCount: archive.trainingCount,
      classNames: ImageDataset.numberedClasses(of: archive.labels))
  }

  static func write(_ data: ImageDataset, to path: String, _ split: DatasetSplit) throws(ConversionError) {
    _ = try split.parts(of: data)
    let parts: KerasArchive.Parts =
      switch split {
      case .train: .training
      case .test: .test
      case .all: .all
      }
    do {
      let file = try OutputFile.writer(for: path, isOwn: isOwn)
      let archive = ZipWriter { try file.write($0) }
      try KerasArchive(
        rowCount: data.rowCount, columnCount: data.columnCount, pixels: data.pixels, labels: data.labels,
        trainingCount: data.trainingCount
      ).write(to: archive, parts: parts)
      try archive.finish()
      try file.commit()
    } catch {
      throw conversionError(error, path)
    }
  }

  /// Whether a file is an archive of just the arrays that are written here, in their order.
  private static func isOwn(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path) else { return false }
    let file = try FileReader(path)
    guard let archive = try? archive(in: file) else { return false }
    let names = archive.entries.map(\.name)
    let files = arrayNames.map { $0 + ".npy" }
    return [files[...], files[..<2], files[2...]].contains(names[...])
  }

  private static func conversionError(_ error: any Error, _ path: String) -> ConversionError {
    switch error {
    case let error as NumPyError: .numPy(path: path, error)
    case let error as ZipError: .zip(path: path, error)
    case let error as FileError: .file(error)
    case let error as MemoryError: .file(FileError(error, for: path))
    default: preconditionFailure("archives and files throw no other errors: \(error)")
    }
  }
}
