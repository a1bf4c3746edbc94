public import Datasets
internal import Pixels

/// Writes labelled images as CSV: a header, then a line for each image, its label first.
///
/// ```swift
/// try LabelledCSVWriter.write(data, part: .test) { try file.write($0) }
/// ```
///
/// Square images get the header of Kaggle's MNIST files, `label,pixel0,pixel1,...`; others get `label,1x1,1x2,...`, row
/// and column counted from 1, from which their size can be read back. Lines end in a line feed.
///
/// Source: the files of Kaggle's Digit Recognizer, and of those known as "MNIST in CSV".
public enum LabelledCSVWriter {
  private static let pieceByteCount = 1 << 18

  /// Returns the first line of a file of images of a size.
  public static func header(of imageSize: ImageSize) -> [UInt8] {
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
  ///   - data: the images.
  ///   - part: the part that is written; nil for all images.
  ///   - sink: takes the pieces in turn; their memory is used again when it returns.
  /// - Throws: what `sink` throws.
  /// - Complexity: O(pixels), with memory for one piece.
  public static func write<Failure: Error>(
    _ data: ImageDataset, part: DataPart? = nil, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try header(of: data.imageSize).withUnsafeBufferPointer { (header) throws(Failure) in
      try sink(UnsafeRawBufferPointer(header))
    }
    let indices = part.map(data.indices) ?? 0..<data.count
    try data.pixels.withUnsafeRows(of: data.featureCount) { (rows) throws(Failure) in
      // A cell takes four bytes at most, its comma included.
      let lineByteCount = 4 * (data.featureCount + 1)
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: max(pieceByteCount, lineByteCount), alignment: 16)
      defer { piece.deallocate() }
      let cells = CSVCells()
      var end = 0
      for image in indices {
        if piece.count - end < lineByteCount {
          try sink(UnsafeRawBufferPointer(rebasing: piece[..<end]))
          end = 0
        }
        var place = piece.baseAddress! + end
        cells.write(data.labels[image], to: &place)
        for pixel in UnsafeBufferPointer(start: rows[image], count: data.featureCount) {
          cells.write(pixel, to: &place)
        }
        // The last comma becomes the line's end.
        (place - 1).storeBytes(of: UInt8(ascii: "\n"), as: UInt8.self)
        end = place - piece.baseAddress!
      }
      if end > 0 { try sink(UnsafeRawBufferPointer(rebasing: piece[..<end])) }
    }
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
