internal import Archives
internal import Datasets
internal import DurableFiles
internal import IDX
internal import Pixels

/// Data sets as folders of IDX files, raw or packed, under MNIST's names.
enum IDXFolder {
  private struct File {
    var name: String
    var dimensions: [Int]
    var values: PixelBytes
  }

  /// Whether the IDX files in a folder are packed, by the first one of them; nil where there are none.
  static func isPacked(_ folder: String) -> Bool? {
    for part in ImageFolder.Part.allCases {
      for name in names(of: part) {
        guard let path = ImageDataset.idxFile(name, in: folder) else { continue }
        return (try? FileReader(path).read(at: 0, count: 2)).map(Gzip.isGzip) ?? false
      }
    }
    return nil
  }

  static func read(_ path: String, name: String) throws(ConversionError) -> ImageDataset {
    do throws(DatasetError) { return try ImageDataset.load(folder: path, name: name) } catch { throw .idx(error) }
  }

  static func write(
    _ data: ImageDataset, to path: String, _ split: DatasetSplit, isPacked: Bool
  ) throws(ConversionError) {
    let parts = try split.parts(of: data)
    do throws(FileError) {
      let folder = try StagedFolder(for: path) { (path) throws(FileError) in
        try unownedItem(in: path, isPacked: isPacked)
      }
      for file in parts.flatMap({ files(of: data, $0) }) {
        let header = IDXHeader(elementType: .uint8, dimensions: file.dimensions).encoded
        if isPacked {
          // The bytes in one piece, and packed, which is longer at the worst.
          try FileError.checkMemory(3 * file.values.count, for: path, action: "cannot write")
          try folder.write(Gzip.compress(header + file.values), as: file.name + packedExtension)
        } else {
          let writer = try folder.writer(for: file.name)
          try writer.write(header)
          try writer.write(file.values)
          try writer.commit()
        }
      }
      try folder.commit()
    } catch {
      throw .file(error)
    }
  }

  private static let packedExtension = ".gz"

  /// The names of a part's images and of its labels.
  private static func names(of part: ImageFolder.Part) -> [String] {
    let prefix = part == .training ? "train" : "t10k"
    return [prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte"]
  }

  private static func files(of data: ImageDataset, _ part: ImageFolder.Part) -> [File] {
    let (names, count) = (names(of: part), data.indices(of: part).count)
    return [
      File(name: names[0], dimensions: [count, data.rowCount, data.columnCount], values: data.pixels(of: part)),
      File(name: names[1], dimensions: [count], values: PixelBytes(data.labels(of: part))),
    ]
  }

  /// The name of something in a folder that a data set written into it must not replace: all but IDX files under the
  /// names that it would get itself, packed ones only where they are packed as here, without a time and a system.
  private static func unownedItem(in folder: String, isPacked: Bool) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    let own = ImageFolder.Part.allCases.flatMap(Self.names).map { isPacked ? $0 + packedExtension : $0 }
    let beginning = isPacked ? Array(Gzip.compress([]).prefix(10)) : [0, 0, IDXElementType.uint8.rawValue]
    for name in names where !TemporaryName.matches(name) {
      let path = FilePaths.join(folder, name)
      guard own.contains(name), FilePaths.isRegularFile(path),
        try FileReader(path).read(at: 0, count: beginning.count) == beginning
      else { return name }
    }
    return nil
  }
}
