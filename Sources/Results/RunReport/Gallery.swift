internal import Drawing
internal import Evaluation
private import Foundation
internal import Images
internal import NeuralNetwork

/// The errors as pictures, the worst first: all of them, or as many as a page should hold.
struct Gallery {
  /// More than anybody looks at.
  static let maximumCount = 500
  /// What the pictures and outputs may add to the page.
  static let maximumByteCount = 1_000_000

  private let report: RunReport
  private let tiles: [Tile]

  /// An error that is shown, with its picture as a PNG file in base 64.
  private struct Tile {
    let error: Misclassification
    let picture: String
    let outputs: String
  }

  init(_ report: RunReport) throws(PNGError) {
    self.report = report
    let names = report.model.classNames.map(xmlEscaped)
    let encoder = PNGEncoder(compressionLevel: 9)
    var tiles: [Tile] = []
    var byteCount = 0
    for error in report.errors.sorted(by: { $0.isWorse(than: $1) }).prefix(Self.maximumCount) {
      let image = GreyscaleImage(
        width: report.model.columnCount, height: report.model.rowCount, pixels: error.pixels
      ).stretched(from: 0, to: report.model.highestPixel)
      let tile = Tile(
        error: error, picture: Data(try encoder.encode(image)).base64EncodedString(),
        outputs: Self.list(error.outputs, names: names))
      byteCount += tile.picture.utf8.count + tile.outputs.utf8.count
      guard byteCount <= Self.maximumByteCount || tiles.isEmpty else { break }
      tiles.append(tile)
    }
    self.tiles = tiles
  }

  var values: PageTemplate.Values {
    let errorCount = report.confusionMatrix.sampleCount - report.confusionMatrix.correctCount
    guard errorCount > 0 else {
      let images = report.confusionMatrix.sampleCount
      return ["noErrors": "None: each of the \(NumberText.count(images, of: "test image")) was recognised."]
    }
    var pairs: Set<String> = []
    return [
      "errorCount": String(errorCount),
      "shown": tiles.count == errorCount
        ? errorCount == 1 ? "1 error" : "All \(NumberText.count(errorCount)) errors"
        : "The worst \(NumberText.count(tiles.count)) of \(NumberText.count(errorCount, of: "error"))",
      "tiles": tiles.map { tile -> PageTemplate.Values in
        let error = tile.error
        let address = PairAddress.pair(actual: error.actual, predicted: error.predicted)
        var values: PageTemplate.Values = [
          "index": String(error.index), "actual": String(error.actual), "predicted": String(error.predicted),
          "confidence": error.confidence.isFinite ? "\(error.confidence)" : "",
          "loss": error.loss.map { "\($0)" } ?? "",
          "confidenceText": error.confidence.isFinite ? NumberText.percent(error.confidence) : "no number",
          "actualName": report.model.classNames[error.actual],
          "predictedName": report.model.classNames[error.predicted],
          "width": String(report.model.columnCount), "height": String(report.model.rowCount), "png": tile.picture,
          "outputs": tile.outputs, "hasKnownLabelError": error.hasKnownLabelError,
        ]
        // Where a link of the matrix leads to in a browser without JavaScript: the worst error of its kind.
        if pairs.insert(address).inserted { values["hash"] = address }
        return values
      },
    ]
  }

  /// The outputs as a list of bars, in HTML: there are thousands of them on a page.
  private static func list(_ outputs: [Double], names: [String]) -> String {
    zip(outputs, names).map { output, name in
      let share = NumberText.fixed(min(max(output.isFinite ? output : 0, 0), 1), digits: 3)
      return "<li><bdi>\(name)</bdi><span style=--v:\(share)>\(NumberText.fixed(output, digits: 5))</span></li>"
    }.joined()
  }
}
