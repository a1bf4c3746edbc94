public import Datasets
private import Memory

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A reader of labelled images from a CSV file. The bytes of the file may arrive in pieces of any size.
///
/// ```swift
/// var reader = LabelledCSVReader()
/// while let piece = try nextPiece() { try reader.read(piece) }
/// let images = try reader.finish(name: "train")
/// print(images.count, images.imageSize)  // 42000 28x28
/// ```
///
/// Each line holds one image: its label, then its pixels row by row. All values are whole numbers from 0 to 255. A
/// first line that does not begin with a number is a header. If the header names the pixels `1x1`, `1x2` and so on,
/// these names give the image size. Otherwise, the caller gives the size, or the images are square.
///
/// The reader accepts a byte-order mark, carriage returns before line feeds, and spaces and quotes around numbers. It
/// also accepts whole numbers such as `5.0`, blank lines at the end, and a last line without a line feed. Besides the
/// images, the reader keeps at most one incomplete line in memory.
public struct LabelledCSVReader: Sendable {
  /// The maximum length, in bytes, of a line that is read before the image size is known.
  public static let maximumFirstLineByteCount = 1 << 24
  /// The maximum number of pixels of an image: 1,024 x 1,024. The line of such an image has about 4 MB.
  public static let maximumImagePixelCount = 1 << 20
  /// The maximum number of pixels in a file: 2^31. The largest data set of the MNIST family is several times smaller.
  public static let maximumPixelCount = 1 << 31

  /// The image size from the caller or from the first line; nil if no size is known yet.
  private var imageSize: ImageSize?
  private let givenSize: ImageSize?
  private let maximumPixelCount: Int
  private var lineNumber = 0
  private var blankLine: Int?
  private var hasBegun = false
  /// The beginning of a line whose end has not been read yet.
  private var unfinishedLine: [UInt8] = []
  private var row: [UInt8] = []
  private var labels: [UInt8] = []
  private var pixels: [UInt8] = []

  /// Creates a reader for one file.
  ///
  /// - Parameters:
  ///   - imageSize: the image size, if it is known. If neither the caller nor the header gives a size, the images must
  ///     be square.
  ///   - maximumPixelCount: the maximum number of pixels in the file.
  /// - Precondition: an image has at most ``maximumImagePixelCount`` pixels.
  public init(imageSize: ImageSize? = nil, maximumPixelCount: Int = maximumPixelCount) {
    precondition((imageSize?.pixelCount ?? 0) <= Self.maximumImagePixelCount, "an image fits in a line")
    self.maximumPixelCount = maximumPixelCount
    givenSize = imageSize
    self.imageSize = imageSize
  }

  /// Reads the next bytes of the file.
  ///
  /// - Throws: ``LabelledCSVError``. The reader must not be used after an error.
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

  /// Reads the last line and returns all images.
  ///
  /// - Parameter name: the name of the data set.
  /// - Returns: the images as a training part. The classes are the numbers from 0 to the largest label.
  /// - Throws: ``LabelledCSVError`` if the last line is wrong, or if the file has no images.
  public mutating func finish(name: String) throws(LabelledCSVError) -> ImageDataset {
    if !unfinishedLine.isEmpty { try readUnfinishedLine() }
    guard let imageSize, !labels.isEmpty else { throw hasBegun ? .noRows : .empty }
    return ImageDataset(
      name: name, rowCount: imageSize.rowCount, columnCount: imageSize.columnCount, pixels: pixels, labels: labels,
      trainingCount: labels.count)
  }

  /// The maximum length of a line in bytes. It allows for padding and for zeros after a decimal point.
  private var maximumLineByteCount: Int {
    imageSize.map { 1024 + 64 * ($0.pixelCount + 1) } ?? Self.maximumFirstLineByteCount
  }

  private mutating func readUnfinishedLine() throws(LabelledCSVError) {
    var line: [UInt8] = []
    swap(&line, &unfinishedLine)
    try line.withUnsafeBufferPointer { (line) throws(LabelledCSVError) in try readLine(UnsafeRawBufferPointer(line)) }
    // The next line reuses the memory.
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
