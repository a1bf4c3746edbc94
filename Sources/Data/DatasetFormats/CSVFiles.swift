internal import Datasets
internal import DurableFiles

/// Data sets as CSV files: a folder with one for each part, or a file alone, which is a training part.
enum CSVFiles {
  static let fileExtension = ".csv"
  private static let pieceByteCount = 1 << 20

  /// The parts that have a file in a folder.
  static func parts(in folder: String) -> [ImageFolder.Part] {
    ImageFolder.Part.allCases.filter { FilePaths.exists(FilePaths.join(folder, fileName(of: $0))) }
  }

  static func read(_ path: String, name: String, imageSize: ImageSize?) throws(ConversionError) -> ImageDataset {
    guard FilePaths.isFolder(path) else {
      let images = try images(path, imageSize)
      return dataset(name, images.imageSize, images.labels, images.pixels, trainingCount: images.count)
    }
    let parts = parts(in: path)
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    var (size, trainingCount) = (CSVImageSize?.none, 0)
    for part in parts {
      let file = FilePaths.join(path, fileName(of: part))
      // Neither part says more of the other's images than how many pixels they have.
      let images = try images(file, imageSize)
      if let size, size != images.imageSize {
        throw .imageSize(path: file, expected: ImageSize(size), found: ImageSize(images.imageSize))
      }
      size = images.imageSize
      if part == .training { trainingCount = images.count }
      if !pixels.isEmpty {
        do throws(FileError) {
          try FileError.checkMemory(pixels.count + images.pixels.count, for: file)
        } catch {
          throw .file(error)
        }
      }
      labels = labels.isEmpty ? images.labels : joined(labels, images.labels)
      pixels = pixels.isEmpty ? images.pixels : joined(pixels, images.pixels)
    }
    guard let size else { throw .noImages(path: path) }
    return dataset(name, size, labels, pixels, trainingCount: trainingCount)
  }

  /// Joins two arrays in one of just their length, which `+` does not.
  private static func joined(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(first.count + second.count)
    bytes += first
    bytes += second
    return bytes
  }

  static func write(_ data: ImageDataset, to path: String, _ split: DatasetSplit) throws(ConversionError) {
    let parts = try split.parts(of: data)
    guard data.featureCount <= CSVImageSize.maximumPixelCount else {
      throw .tooLargeForCSV(
        name: data.name, ImageSize(rowCount: data.rowCount, columnCount: data.columnCount),
        maximumPixelCount: CSVImageSize.maximumPixelCount)
    }
    let isFile = split != .all || path.hasSuffix(fileExtension)
    guard !isFile || parts.count == 1 else { throw .partsInOneFile(path: path) }
    do throws(FileError) {
      if isFile {
        try write(data, parts[0], to: OutputFile.writer(for: path, isOwn: CSVHeaderLine.isOwn))
      } else {
        let folder = try StagedFolder(for: path, unownedItem: unownedItem)
        for part in parts { try write(data, part, to: folder.writer(for: fileName(of: part))) }
        try folder.commit()
      }
    } catch {
      throw .file(error)
    }
  }

  private static func write(
    _ data: ImageDataset, _ part: ImageFolder.Part, to file: FileWriter
  ) throws(FileError) {
    let size = CSVImageSize(rowCount: data.rowCount, columnCount: data.columnCount)
    try LabelledCSVWriter(imageSize: size).write(labels: data.labels(of: part), pixels: data.pixels(of: part)) {
      (piece) throws(FileError) in try file.write(piece)
    }
    try file.commit()
  }

  private static func images(_ path: String, _ imageSize: ImageSize?) throws(ConversionError) -> LabelledImages {
    if let imageSize, imageSize.pixelCount > CSVImageSize.maximumPixelCount {
      throw .tooLargeForCSV(name: path, imageSize, maximumPixelCount: CSVImageSize.maximumPixelCount)
    }
    var reader = LabelledCSVReader(
      imageSize: imageSize.map { CSVImageSize(rowCount: $0.rowCount, columnCount: $0.columnCount) })
    let file: FileReader
    do throws(FileError) { file = try FileReader(path) } catch { throw .file(error) }
    var offset = 0
    while true {
      let piece: [UInt8]
      do throws(FileError) { piece = try file.read(at: offset, count: pieceByteCount) } catch { throw .file(error) }
      do throws(LabelledCSVError) {
        if piece.isEmpty { return try reader.finish() }
        try reader.read(piece)
      } catch {
        throw .csv(path: path, error)
      }
      offset += piece.count
    }
  }

  private static func dataset(
    _ name: String, _ size: CSVImageSize, _ labels: [UInt8], _ pixels: [UInt8], trainingCount: Int
  ) -> ImageDataset {
    ImageDataset(
      name: name, rowCount: size.rowCount, columnCount: size.columnCount, pixels: pixels, labels: labels,
      trainingCount: trainingCount, classNames: ImageDataset.numberedClasses(of: labels))
  }

  private static func fileName(of part: ImageFolder.Part) -> String {
    part.folderName + fileExtension
  }

  private static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    let own = ImageFolder.Part.allCases.map(fileName)
    for name in names where !TemporaryName.matches(name) {
      guard own.contains(name), try CSVHeaderLine.isOwn(FilePaths.join(folder, name)) else { return name }
    }
    return nil
  }
}

extension ImageSize {
  fileprivate init(_ size: CSVImageSize) {
    self.init(rowCount: size.rowCount, columnCount: size.columnCount)
  }
}
