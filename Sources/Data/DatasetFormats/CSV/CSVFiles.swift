internal import Datasets
internal import DurableFiles
internal import Pixels

/// Data sets stored as CSV files. A data set is a folder with one file for each part, or a single file. A single file
/// is read as a training part.
enum CSVFiles {
  static let fileExtension = ".csv"
  private static let pieceByteCount = 1 << 20
  /// The maximum length of a header line, in bytes. Even the header for the largest allowed images is shorter.
  private static let maximumHeaderByteCount = 1 << 24

  /// Returns the parts that have a CSV file in the folder.
  static func parts(in folder: String) -> [DataPart] {
    DataPart.published.filter { FilePaths.exists(FilePaths.join(folder, fileName(of: $0))) }
  }

  static func read(_ path: String, name: String, imageSize: ImageSize?) throws(ConversionError) -> ImageDataset {
    guard FilePaths.isFolder(path) else { return try readFile(path, name, imageSize) }
    let parts = parts(in: path)
    var images: [ImageDataset] = []
    for part in parts {
      let file = FilePaths.join(path, fileName(of: part))
      // The training part and the test part must have the same image size.
      images.append(try readFile(file, name, imageSize))
      if let found = images.last?.imageSize, found != images[0].imageSize {
        throw .imageSize(path: file, expected: images[0].imageSize, found: found)
      }
    }
    guard let first = images.first else { throw .unexpected(path: path, expected: "images", found: "none") }
    return ImageDataset(
      name: name, rowCount: first.rowCount, columnCount: first.columnCount,
      pixels: PixelBytes(joining: images.map(\.pixels)), labels: images.flatMap(\.labels),
      trainingCount: parts[0] == .train ? first.count : 0)
  }

  private static func readFile(
    _ path: String, _ name: String, _ imageSize: ImageSize?
  ) throws(ConversionError) -> ImageDataset {
    let maximum = LabelledCSVReader.maximumImagePixelCount
    if let imageSize, imageSize.pixelCount > maximum {
      throw .tooLargeForCSV(name: path, imageSize, maximumPixelCount: maximum)
    }
    var reader = LabelledCSVReader(imageSize: imageSize)
    let file = try rethrow(FileReader(path), as: ConversionError.file)
    var offset = 0
    while true {
      let piece = try rethrow(file.read(at: offset, count: pieceByteCount), as: ConversionError.file)
      do throws(LabelledCSVError) {
        if piece.isEmpty { return try reader.finish(name: name) }
        try reader.read(piece)
      } catch {
        throw .csv(path: path, error)
      }
      offset += piece.count
    }
  }

  /// Writes each part to a CSV file in a folder, or writes one part to a single CSV file.
  static func write(
    _ data: ImageDataset, _ parts: [DataPart], to path: String, isFile: Bool
  ) throws(ConversionError) {
    let maximum = LabelledCSVReader.maximumImagePixelCount
    guard data.featureCount <= maximum else {
      throw .tooLargeForCSV(name: data.name, data.imageSize, maximumPixelCount: maximum)
    }
    guard !isFile || parts.count == 1 else { throw .partsInOneFile(path: path) }
    func write(_ part: DataPart, to file: FileWriter) throws(FileError) {
      try LabelledCSVWriter.write(data, part: part) { (piece) throws(FileError) in try file.write(piece) }
      try file.commit()
    }
    do throws(FileError) {
      if isFile { return try write(parts[0], to: FileWriter(replacing: path, ifOwn: isOwn)) }
      let folder = try StagedFolder(for: path, unownedItem: unownedItem)
      for part in parts { try write(part, to: folder.writer(for: fileName(of: part))) }
      try folder.commit()
    } catch {
      throw .file(error)
    }
  }

  private static func fileName(of part: DataPart) -> String { part.rawValue + fileExtension }

  private static func unownedItem(in folder: String) throws(FileError) -> String? {
    let own = DataPart.published.map(fileName)
    for name in try FilePaths.names(in: folder) where !TemporaryName.matches(name) {
      guard own.contains(name), try isOwn(FilePaths.join(folder, name)) else { return name }
    }
    return nil
  }

  /// Returns whether a path is a regular file that begins with a header from ``LabelledCSVWriter``.
  private static func isOwn(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path) else { return false }
    let file = try FileReader(path)
    var count = 1 << 14
    while true {
      let bytes = try file.read(at: 0, count: count)
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        let line = bytes[..<end]
        let size = line.withUnsafeBytes { line in
          try? CSVHeader.imageSize(of: CSVLine(number: 1, bytes: line), isHeader: true, given: nil)
        }
        return size.map { LabelledCSVWriter.header(of: $0).dropLast() == line } ?? false
      }
      if bytes.count < count || count >= maximumHeaderByteCount { return false }
      count *= 4
    }
  }
}
