package import Datasets
internal import DisplayText
package import Drawing
package import Evaluation
internal import Foundation
package import Images

/// A few digits drawn side by side in the terminal, each with two captions.
package enum TerminalGallery {
  /// A digit with the text lines below the digit.
  package typealias Tile = (image: GreyscaleImage, captions: [String])

  static let maximumCount = 6
  private static let gap = 2
  /// The number of tiles that make a full row. If fewer tiles fit in a row, the gallery has two rows.
  private static let fullRowCount = 4

  /// Draws the first six samples on standard output, if standard output is a terminal that can show block characters.
  static func write(_ samples: [PredictedSample], of data: ImageDataset) throws {
    guard Terminal.isStandardOutputATerminal, !samples.isEmpty,
      let colours = HalfBlockPicture.Colours(environment: ProcessInfo.processInfo.environment)
    else { return }
    let tiles = tiles(Array(samples.prefix(maximumCount)), of: data)
    for line in lines(tiles, width: Terminal.standardOutputWidth, colours: colours) {
      try StandardOutput.write(line + "\n")
    }
  }

  /// Returns the samples' images with captions.
  ///
  /// The border that is black in all images is cut off. Images smaller than 15 pixels are then enlarged by
  /// a factor of 2.
  package static func tiles(_ samples: [PredictedSample], of data: ImageDataset) -> [Tile] {
    let highest = samples.map { data.image($0.index).max() ?? 0 }.max() ?? 0
    let images = samples.map { sample in
      GreyscaleImage(width: data.columnCount, height: data.rowCount, pixels: Array(data.image(sample.index)))
        .stretched(from: 0, to: max(highest, 1))
    }
    let isInk = { (x: Int, y: Int) in images.contains { $0[x: x, y: y] > 0 } }
    let columns = (0..<data.columnCount).filter { x in (0..<data.rowCount).contains { isInk(x, $0) } }
    let rows = (0..<data.rowCount).filter { y in (0..<data.columnCount).contains { isInk($0, y) } }
    guard let left = columns.first, let right = columns.last, let top = rows.first, let bottom = rows.last else {
      return []
    }
    let scale = max(right - left, bottom - top) < 14 ? 2 : 1
    return zip(images, samples).map { image, sample in
      let cropped = GreyscaleImage(
        width: right - left + 1, height: bottom - top + 1,
        pixels: (top...bottom).flatMap { y in (left...right).map { image[x: $0, y: y] } })
      return (
        image: cropped.scaled(by: scale),
        captions: [
          "\(name(sample.actual, data)) as \(name(sample.predicted, data))",
          "\(shortened(sample.confidence)) #\(sample.index)",
        ]
      )
    }
  }

  /// Returns the tiles as lines of at most `width` characters. If the width is too small for one tile, there are no
  /// lines.
  ///
  /// The result is one row of tiles, or two rows if fewer than four tiles fit in a row.
  package static func lines(_ tiles: [Tile], width: Int, colours: HalfBlockPicture.Colours) -> [String] {
    let tileWidth = tiles.map { max($0.image.width, $0.captions.map(\.count).max() ?? 0) }.max() ?? 0
    guard tileWidth > 0, tileWidth <= width else { return [] }
    let columnCount = (width + gap) / (tileWidth + gap)
    let shown = tiles.prefix(columnCount * (columnCount < fullRowCount ? 2 : 1))
    var lines: [String] = []
    for start in stride(from: 0, to: shown.count, by: columnCount) {
      let row = shown[start..<min(start + columnCount, shown.count)]
      let columns = row.map { tile in
        HalfBlockPicture(tile.image, colours: colours).lines.map { ($0, tile.image.width) }
          + tile.captions.map { ($0, $0.count) }
      }
      for line in 0..<(columns.map(\.count).max() ?? 0) {
        var text = ""
        for (number, column) in columns.enumerated() {
          let (cell, cellWidth) = line < column.count ? column[line] : ("", 0)
          text += cell
          if number < columns.count - 1 { text += String(repeating: " ", count: tileWidth + gap - cellWidth) }
        }
        lines.append(text)
      }
    }
    return lines
  }

  private static func name(_ label: Int, _ data: ImageDataset) -> String {
    label < data.classCount ? data.classNames[label].escapedForDisplay : "\(label)"
  }

  private static func shortened(_ confidence: Double) -> String { String(format: "%.3f", confidence) }
}
