internal import DurableFiles

/// The first line of a CSV file, by which a file that was written here is told from one that somebody else made.
enum CSVHeaderLine {
  /// As long as the header of the largest images.
  private static let maximumByteCount = 1 << 24

  /// Whether a file is an ordinary one that begins with a header as `LabelledCSVWriter` writes it.
  static func isOwn(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path), let line = try line(of: path), let size = size(in: line) else { return false }
    return LabelledCSVWriter(imageSize: size).header == line
  }

  /// The first line with its line feed; nil where there is none, or one too long.
  private static func line(of path: String) throws(FileError) -> [UInt8]? {
    let file = try FileReader(path)
    var count = 1 << 14
    while true {
      let bytes = try file.read(at: 0, count: count)
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { return Array(bytes[...end]) }
      if bytes.count < count || count >= maximumByteCount { return nil }
      count *= 4
    }
  }

  /// The size of which a line would be the header: the last name tells it.
  private static func size(in line: [UInt8]) -> CSVImageSize? {
    guard let comma = line.lastIndex(of: UInt8(ascii: ",")) else { return nil }
    let name = String(decoding: line[(comma + 1)...].dropLast(), as: UTF8.self)
    var size = ImageSize(name)
    if name.hasPrefix("pixel"), let last = Int(name.dropFirst(5)), (0..<CSVImageSize.maximumPixelCount).contains(last) {
      let side = Int(Double(last + 1).squareRoot().rounded())
      size = ImageSize(rowCount: side, columnCount: side)
    }
    guard let size, size.pixelCount <= CSVImageSize.maximumPixelCount else { return nil }
    return CSVImageSize(rowCount: size.rowCount, columnCount: size.columnCount)
  }
}
