internal import Archives
internal import Datasets
internal import DurableFiles
internal import IDX
internal import Pixels

/// Data sets stored as folders of IDX files. The files have the same names as MNIST's files, and are raw or compressed
/// with gzip.
enum IDXFolder {
  private static let packedExtension = ".gz"

  /// Returns whether the first IDX file in a folder is compressed; nil if the folder has no IDX files.
  static func isPacked(_ folder: String) -> Bool? {
    names.lazy.compactMap { ImageDataset.idxFile($0, in: folder) }.first.map { path in
      (try? FileReader(path).read(at: 0, count: 2)).map(Gzip.isGzip) ?? false
    }
  }

  static func write(
    _ data: ImageDataset, _ parts: [DataPart], to path: String, isPacked: Bool
  ) throws(FileError) {
    let folder = try StagedFolder(for: path) { (path) throws(FileError) in
      try unownedItem(in: path, isPacked: isPacked)
    }
    func write(_ name: String, _ dimensions: [Int], _ values: PixelBytes) throws(FileError) {
      let header = IDXHeader(elementType: .uint8, dimensions: dimensions).encoded
      if isPacked {
        // The joined bytes and the compressed bytes both need memory. In the worst case, the compressed bytes are
        // longer.
        try FileError.checkMemory(3 * values.count, for: path, action: "cannot write")
        try folder.write(Gzip.compress(header + values), as: name + packedExtension)
      } else {
        let writer = try folder.writer(for: name)
        try writer.write(header)
        try writer.write(values)
        try writer.commit()
      }
    }
    for part in parts {
      let (names, count) = (part.idxNames, data.indices(of: part).count)
      try write(names.images, [count, data.rowCount, data.columnCount], data.pixels(of: part))
      try write(names.labels, [count], PixelBytes(data.labels(of: part)))
    }
    try folder.commit()
  }

  private static let names = DataPart.published.flatMap { [$0.idxNames.images, $0.idxNames.labels] }

  /// Returns the name of an item that a new data set must not replace; nil if the folder has no such item.
  ///
  /// Only files with the names of the new IDX files may be replaced. A compressed file must also begin with this
  /// program's gzip header, which records neither a time nor an operating system.
  private static func unownedItem(in folder: String, isPacked: Bool) throws(FileError) -> String? {
    let own = names.map { isPacked ? $0 + packedExtension : $0 }
    let beginning = isPacked ? Array(Gzip.compress([]).prefix(10)) : [0, 0, IDXElementType.uint8.rawValue]
    for name in try FilePaths.names(in: folder) where !TemporaryName.matches(name) {
      let path = FilePaths.join(folder, name)
      guard own.contains(name), FilePaths.isRegularFile(path),
        try FileReader(path).read(at: 0, count: beginning.count) == beginning
      else { return name }
    }
    return nil
  }
}
