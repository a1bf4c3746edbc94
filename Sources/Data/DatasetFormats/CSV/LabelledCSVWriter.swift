internal import Pixels

/// Writes labelled images as CSV: a header, then a line for each image, its label first.
///
/// ```swift
/// let writer = LabelledCSVWriter(imageSize: CSVImageSize(rowCount: 28, columnCount: 28))
/// try writer.write(labels: data.labels[...], pixels: data.pixels[...]) { try file.write($0) }
/// ```
///
/// Square images get the header of Kaggle's MNIST files, `label,pixel0,pixel1,...`; others get `label,1x1,1x2,...`, row
/// and column counted from 1, from which their size can be read back. Lines end in a line feed.
///
/// Source: the files of Kaggle's Digit Recognizer, and of those known as "MNIST in CSV".
public struct LabelledCSVWriter: Sendable {
  /// The size of each image.
  public let imageSize: CSVImageSize

  /// A writer for images of a size.
  public init(imageSize: CSVImageSize) {
    self.imageSize = imageSize
  }

  /// The first line.
  public var header: [UInt8] {
    let (rows, columns) = (imageSize.rowCount, imageSize.columnCount)
    var text = "label"
    if rows == columns {
      for pixel in 0..<imageSize.pixelCount { text += ",pixel\(pixel)" }
    } else {
      for row in 1...rows {
        for column in 1...columns { text += ",\(row)x\(column)" }
      }
    }
    return Array((text + "\n").utf8)
  }

  /// Writes the header and a line for each image, in pieces of some hundred kilobytes.
  ///
  /// - Parameters:
  ///   - labels: the class of each image, `[count]`.
  ///   - pixels: `[count, imageSize.rowCount, imageSize.columnCount]`.
  ///   - sink: takes the pieces in turn; their memory is used again when it returns.
  /// - Throws: what `sink` throws.
  /// - Precondition: `pixels.count == labels.count * imageSize.pixelCount`.
  /// - Complexity: O(pixels.count), with memory for one piece; a copy of pixels that do not lie in one piece of memory.
  public func write<Failure: Error>(
    labels: ArraySlice<UInt8>, pixels: some Collection<UInt8>,
    to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(pixels.count == labels.count * imageSize.pixelCount, "there is a label for each image")
    try header.withUnsafeBufferPointer { (header) throws(Failure) in try sink(UnsafeRawBufferPointer(header)) }
    try PixelBytes(pixels).withUnsafeBufferPointer { (pixels) throws(Failure) in
      try labels.withUnsafeBufferPointer { (labels) throws(Failure) in try writeLines(labels, pixels, sink) }
    }
  }

  private static var pieceByteCount: Int { 1 << 18 }

  private func writeLines<Failure: Error>(
    _ labels: UnsafeBufferPointer<UInt8>, _ pixels: UnsafeBufferPointer<UInt8>,
    _ sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    // A cell takes four bytes at most, its comma included.
    let lineByteCount = 4 * (imageSize.pixelCount + 1)
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(Self.pieceByteCount, lineByteCount), alignment: 16)
    defer { piece.deallocate() }
    let cells = CSVCells()
    var end = 0
    for (image, label) in labels.enumerated() {
      if piece.count - end < lineByteCount {
        try sink(UnsafeRawBufferPointer(rebasing: piece[..<end]))
        end = 0
      }
      let start = image * imageSize.pixelCount
      var place = piece.baseAddress! + end
      cells.write(label, to: &place)
      for pixel in pixels[start..<start + imageSize.pixelCount] { cells.write(pixel, to: &place) }
      // The last comma becomes the line's end.
      (place - 1).storeBytes(of: UInt8(ascii: "\n"), as: UInt8.self)
      end = place - piece.baseAddress!
    }
    if end > 0 { try sink(UnsafeRawBufferPointer(rebasing: piece[..<end])) }
  }
}

/// What each byte looks like in a file.
private struct CSVCells {
  /// The digits and the comma, in the four bytes that they take at most, and above these how many they take.
  private let cells: [UInt64] = (0...255).map { number in
    let text = Array("\(number),".utf8)
    return text.reversed().reduce(0) { $0 << 8 | UInt64($1) } | UInt64(text.count) << 32
  }

  /// Writes a cell, and moves on by as many bytes as it takes; there is room for four.
  @inline(__always)
  func write(_ number: UInt8, to place: inout UnsafeMutableRawPointer) {
    let cell = cells.withUnsafeBufferPointer { $0[Int(number)] }
    place.storeBytes(of: UInt32(truncatingIfNeeded: cell).littleEndian, as: UInt32.self)
    place += Int(cell >> 32)
  }
}
