import Datasets
import Drawing
import Evaluation
import Export
import Images
import MNISTCommands
import Testing

@Suite struct TerminalGalleryTests {
  static func tile(_ width: Int, _ height: Int, _ captions: String...) -> TerminalGallery.Tile {
    (image: GreyscaleImage(width: width, height: height, filledWith: 255), captions: captions)
  }

  @Test(
    "as many tiles as fit are side by side, in two rows if fewer than four fit, and no line is wider than the terminal")
  func layout() {
    let tiles = Array(repeating: Self.tile(4, 4, "a as b", "0.5"), count: 6)
    for width in 0..<60 {
      let lines = TerminalGallery.lines(tiles, width: width, colours: .none)
      #expect(lines.allSatisfy { $0.count <= width })
      let perRow = (width + 2) / 8
      #expect(lines.count == (perRow == 0 ? 0 : perRow >= 4 ? 4 : 8), "\(width)")
    }
    let lines = TerminalGallery.lines(tiles, width: 15, colours: .none)
    #expect(
      lines == [
        "████    ████", "████    ████", "a as b  a as b", "0.5     0.5", "████    ████", "████    ████",
        "a as b  a as b", "0.5     0.5",
      ])
  }

  @Test("control sequences for colours do not count in the width")
  func coloured() {
    let lines = TerminalGallery.lines([Self.tile(2, 2, "abc"), Self.tile(2, 2, "x")], width: 8, colours: .trueColour)
    let cell = "\u{1B}[38;2;255;255;255;48;2;255;255;255m▀▀\u{1B}[0m"
    #expect(lines == [cell + "   " + cell, "abc  x"])
  }

  @Test("the border that is black in all digits is cut off, and small digits are enlarged by a factor of 2")
  func cropped() {
    var pixels = [UInt8](repeating: 0, count: 2 * 64)
    pixels[1 * 8 + 2] = 16
    pixels[64 + 3 * 8 + 5] = 8
    let data = ImageDataset(
      name: "two", rowCount: 8, columnCount: 8, pixels: pixels, labels: [1, 0], trainingCount: 2,
      classNames: ["no", "yes"])
    let samples = (0..<2).map {
      PredictedSample(index: $0, actual: 1 - $0, predicted: $0, confidence: 0.75, loss: nil, outputs: [0.25, 0.75])
    }
    let tiles = TerminalGallery.tiles(samples, of: data)
    #expect(tiles.map(\.image.width) == [8, 8] && tiles.map(\.image.height) == [6, 6])
    #expect(tiles[0].image[x: 0, y: 0] == 255 && tiles[1].image[x: 7, y: 5] == 128)
    #expect(tiles.map(\.captions) == [["yes as no", "0.750 #0"], ["no as yes", "0.750 #1"]])
  }
}
