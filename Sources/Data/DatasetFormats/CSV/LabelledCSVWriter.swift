public import Datasets
internal import Pixels

/// A writer of labelled images as a CSV file. The file has a header, then one line for each image: the label, then the
/// pixels.
///
/// ```swift
/// try LabelledCSVWriter.write(data, part: .test) { try file.write($0) }
/// ```
///
/// The header for square images is that of Kaggle's MNIST files: `label,pixel0,pixel1,...`. The header for other images
/// is `label,1x1,1x2,...`, which gives the image size. Rows and columns in these names are counted from 1. Every line
/// ends with a line feed.
///
/// Source: the files of Kaggle's Digit Recognizer, and the files known as "MNIST in CSV".
public enum LabelledCSVWriter {
  private static let pieceByteCount = 1 << 18

  /// Returns the header line for images of the given size.
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

  /// Writes the header and one line for each image, in pieces of a few hundred kilobytes.
  ///
  /// - Parameters:
  ///   - data: the images.
  ///   - part: the part to write; nil for all images.
  ///   - sink: the closure that receives the pieces in order. A piece is valid only during the call of the closure.
  /// - Throws: the errors of `sink`.
  /// - Complexity: O(pixels), with memory for one piece.
  public static func write<Failure: Error>(
    _ data: ImageDataset, part: DataPart? = nil, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try header(of: data.imageSize).withUnsafeBufferPointer { (header) throws(Failure) in
      try sink(UnsafeRawBufferPointer(header))
    }
    let indices = part.map(data.indices) ?? 0..<data.count
    try data.pixels.withUnsafeRows(of: data.featureCount) { (rows) throws(Failure) in
      // A cell takes at most four bytes, including its comma.
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
        // A line feed replaces the last comma.
        (place - 1).storeBytes(of: UInt8(ascii: "\n"), as: UInt8.self)
        end = place - piece.baseAddress!
      }
      if end > 0 { try sink(UnsafeRawBufferPointer(rebasing: piece[..<end])) }
    }
  }
}

/// The CSV text of every possible byte value.
private struct CSVCells {
  /// One element for each byte value. The low 32 bits hold the digits and a comma. The high 32 bits hold the length of
  /// this text in bytes.
  private let cells: [UInt64] = (0...255).map { number in
    let text = Array("\(number),".utf8)
    return text.reversed().reduce(0) { $0 << 8 | UInt64($1) } | UInt64(text.count) << 32
  }

  /// Writes a cell and advances the pointer by the length of the cell. The memory must have room for four bytes.
  @inline(__always)
  func write(_ number: UInt8, to place: inout UnsafeMutableRawPointer) {
    let cell = cells.withUnsafeBufferPointer { $0[Int(number)] }
    place.storeBytes(of: UInt32(truncatingIfNeeded: cell).littleEndian, as: UInt32.self)
    place += Int(cell >> 32)
  }
}
