public import Datasets
private import Memory

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Reads labelled images from the bytes of a CSV file, in pieces of any size.
///
/// ```swift
/// var reader = LabelledCSVReader()
/// while let piece = try nextPiece() { try reader.read(piece) }
/// let images = try reader.finish(name: "train")
/// print(images.count, images.imageSize)  // 42000 28x28
/// ```
///
/// Each line holds an image: its label, then its pixels, row after row, all of them whole numbers from 0 to 255. A first
/// line that does not begin with a number is a header. Where that names the pixels `1x1`, `1x2` and so on, it says the
/// images' size; otherwise this is the size that the caller gives, or else a square.
///
/// A byte-order mark, carriage returns before line feeds, spaces and quotes around numbers, whole numbers written like
/// `5.0`, blank lines at the end, and a last line without a line feed are accepted. Of the text no more is kept than a line
/// that is not complete yet.
public struct LabelledCSVReader: Sendable {
  /// The longest line before the number of cells is known, in bytes.
  public static let maximumFirstLineByteCount = 1 << 24
  /// The most pixels of an image that is read or written: a side of 1,024, as a line of 4 MB holds.
  public static let maximumImagePixelCount = 1 << 20
  /// The most pixels of all lines together: 2^31, several times the largest data set of the MNIST family.
  public static let maximumPixelCount = 1 << 31

  /// The images' size: the given one, or what the first line has shown.
  private var imageSize: ImageSize?
  private let givenSize: ImageSize?
  private let maximumPixelCount: Int
  private var lineNumber = 0
  private var blankLine: Int?
  private var hasBegun = false
  /// The beginning of a line whose end has not come yet.
  private var unfinishedLine: [UInt8] = []
  private var row: [UInt8] = []
  private var labels: [UInt8] = []
  private var pixels: [UInt8] = []

  /// Creates a reader for one file.
  ///
  /// - Parameters:
  ///   - imageSize: the images' size where it is known; needed for images that are not square, in a file whose header does
  ///     not say it.
  ///   - maximumPixelCount: the most pixels of all lines together.
  /// - Precondition: an image has at most ``maximumImagePixelCount`` pixels.
  public init(imageSize: ImageSize? = nil, maximumPixelCount: Int = maximumPixelCount) {
    precondition((imageSize?.pixelCount ?? 0) <= Self.maximumImagePixelCount, "an image fits in a line")
    self.maximumPixelCount = maximumPixelCount
    givenSize = imageSize
    self.imageSize = imageSize
  }

  /// Reads the next bytes.
  ///
  /// - Throws: ``LabelledCSVError``. The reader is of no further use then.
  /// - Complexity: O(bytes.count).
  public mutating func read(_ bytes: [UInt8]) throws(LabelledCSVError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(LabelledCSVError) in try read(UnsafeRawBufferPointer(bytes)) }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(LabelledCSVError) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let end = memchr(start, Int32(UInt8(ascii: "\n")), rest.count).map { UnsafeRawPointer($0) - start }
      let piece = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.count)])
      guard unfinishedLine.count + piece.count <= maximumLineByteCount else {
        throw .lineTooLong(line: lineNumber + 1, maximumByteCount: maximumLineByteCount)
      }
      if end == nil || !unfinishedLine.isEmpty { unfinishedLine += piece }
      guard let end else { return }
      if unfinishedLine.isEmpty { try readLine(piece) } else { try readUnfinishedLine() }
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
  }

  /// Ends the file.
  ///
  /// - Parameter name: the data set's name.
  /// - Returns: the images, as a training part whose classes are numbered up to the largest label.
  /// - Throws: ``LabelledCSVError`` for a last line that is wrong, and a file without images.
  public mutating func finish(name: String) throws(LabelledCSVError) -> ImageDataset {
    if !unfinishedLine.isEmpty { try readUnfinishedLine() }
    guard let imageSize, !labels.isEmpty else { throw hasBegun ? .noRows : .empty }
    return ImageDataset(
      name: name, rowCount: imageSize.rowCount, columnCount: imageSize.columnCount, pixels: pixels, labels: labels,
      trainingCount: labels.count)
  }

  /// So many bytes that spaces and zeros after the point find room.
  private var maximumLineByteCount: Int {
    imageSize.map { 1024 + 64 * ($0.pixelCount + 1) } ?? Self.maximumFirstLineByteCount
  }

  private mutating func readUnfinishedLine() throws(LabelledCSVError) {
    var line: [UInt8] = []
    swap(&line, &unfinishedLine)
    try line.withUnsafeBufferPointer { (line) throws(LabelledCSVError) in try readLine(UnsafeRawBufferPointer(line)) }
    // Its memory serves the next one.
    line.removeAll(keepingCapacity: imageSize != nil)
    swap(&line, &unfinishedLine)
  }

  private mutating func readLine(_ bytes: UnsafeRawBufferPointer) throws(LabelledCSVError) {
    lineNumber += 1
    let line = CSVLine(number: lineNumber, bytes: bytes)
    if line.isBlank {
      blankLine = blankLine ?? lineNumber
      return
    }
    if let blankLine { throw .blankLine(line: blankLine) }
    if !hasBegun {
      hasBegun = true
      let isHeader = CSVHeader.isHeader(line)
      if let error = AvailableMemory.shortage(of: 4 * bytes.count) { throw .memory(line: line.number, error) }
      imageSize = try CSVHeader.imageSize(of: line, isHeader: isHeader, given: givenSize)
      if isHeader { return }
    }
    guard let imageSize else { return }
    if row.isEmpty { row = [UInt8](repeating: 0, count: imageSize.pixelCount + 1) }
    try row.withUnsafeMutableBufferPointer { (row) throws(LabelledCSVError) in try line.readNumbers(into: row) }
    guard labels.count < maximumPixelCount / imageSize.pixelCount else {
      throw .tooManyPixels(line: lineNumber, maximum: maximumPixelCount)
    }
    let pixelGrowth = AvailableMemory.growth(of: pixels, appending: imageSize.pixelCount)
    let labelGrowth = AvailableMemory.growth(of: labels, appending: 1)
    if let error = AvailableMemory.shortage(of: pixelGrowth) ?? AvailableMemory.shortage(of: labelGrowth) {
      throw .memory(line: lineNumber, error)
    }
    labels.append(row[0])
    pixels += row[1...]
  }
}
