internal import DisplayText
internal import Drawing
internal import Evaluation
private import Foundation
internal import Images
internal import NeuralNetwork

/// The confusion matrix as a table whose cells lead to their errors.
struct HeatMap {
  /// Names up to so many characters stand upright over their columns.
  private static let shortNameLength = 2
  /// More classes than that leave no room for the gallery beside the matrix.
  private static let narrowClassCount = 12
  private static let shownPairCount = 6
  private static let levelCount = 5.0

  private let matrix: ConfusionMatrix
  private let classNames: [String]
  private let highestCount: Int

  init(_ report: RunReport) {
    matrix = report.confusionMatrix
    classNames = report.model.classNames
    // The most frequent pair comes first.
    highestCount = matrix.confusedPairs.first?.count ?? 0
  }

  var values: RunReport.Values {
    let names = classNames.map(xmlEscaped)
    return [
      "isWide": classNames.count > Self.narrowClassCount,
      "hasLongNames": classNames.contains { $0.count > Self.shortNameLength },
      "hasErrors": highestCount > 0,
      "columns": classNames.indices.map { label in
        heading(label, hasErrors: matrix.falsePositives(of: label) > 0, address: "predicted=\(label)")
      },
      "rows": classNames.indices.map { label in
        heading(label, hasErrors: matrix.falseNegatives(of: label) > 0, address: "actual=\(label)")
          .merging(["cells": classNames.indices.map { cell(actual: label, predicted: $0, names: names) }]) { $1 }
      },
      "pairs": matrix.confusedPairs.prefix(Self.shownPairCount).map {
        [
          "hash": pairAddress(actual: $0.actual, predicted: $0.predicted), "actual": classNames[$0.actual],
          "predicted": classNames[$0.predicted], "count": NumberText.count($0.count),
        ]
      },
    ]
  }

  private func heading(_ label: Int, hasErrors: Bool, address: String) -> RunReport.Values {
    var values: RunReport.Values = ["name": classNames[label]]
    if hasErrors { values["hash"] = address }
    return values
  }

  /// A cell as HTML: there are thousands where classes are many, most of them empty.
  private func cell(actual: Int, predicted: Int, names: [String]) -> String {
    let count = matrix[actual: actual, predicted: predicted]
    if actual == predicted { return #"<td class="d">\#(NumberText.count(count))</td>"# }
    if count == 0 { return "<td></td>" }
    let address = xmlEscaped(pairAddress(actual: actual, predicted: predicted))
    let label = "\(names[actual]) taken for \(names[predicted]): \(NumberText.count(count, of: "error"))"
    return ##"<td class="h\##(level(count))"><a href="#\##(address)" aria-label="\##(label)">"##
      + "\(NumberText.count(count))</a></td>"
  }

  /// From 1 to 5, in proportion to the count, so that single errors are told from none.
  private func level(_ count: Int) -> Int {
    Int((Double(count) / Double(highestCount) * Self.levelCount).rounded(.up))
  }
}

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
    for error in report.errors.sorted(by: { $0.sample.isWorse(than: $1.sample) }).prefix(Self.maximumCount) {
      let image = GreyscaleImage(
        width: report.model.columnCount, height: report.model.rowCount, pixels: error.pixels
      ).stretched(from: 0, to: report.model.highestPixel)
      let tile = Tile(
        error: error, picture: Data(try encoder.encode(image)).base64EncodedString(),
        outputs: Self.list(error.sample.outputs, names: names))
      byteCount += tile.picture.utf8.count + tile.outputs.utf8.count
      guard byteCount <= Self.maximumByteCount || tiles.isEmpty else { break }
      tiles.append(tile)
    }
    self.tiles = tiles
  }

  var values: RunReport.Values {
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
      "tiles": tiles.map { tile -> RunReport.Values in
        let error = tile.error.sample
        let address = pairAddress(actual: error.actual, predicted: error.predicted)
        var values: RunReport.Values = [
          "index": String(error.index), "actual": String(error.actual), "predicted": String(error.predicted),
          "confidence": error.confidence.isFinite ? "\(error.confidence)" : "",
          "loss": error.loss.map { "\($0)" } ?? "",
          "confidenceText": error.confidence.isFinite ? NumberText.percent(error.confidence) : "no number",
          "actualName": report.model.classNames[error.actual],
          "predictedName": report.model.classNames[error.predicted],
          "width": String(report.model.columnCount), "height": String(report.model.rowCount), "png": tile.picture,
          "outputs": tile.outputs, "hasKnownLabelError": tile.error.hasKnownLabelError,
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

/// Returns the part of the page's address behind its `#` where the gallery shows the errors of one pair only.
private func pairAddress(actual: Int, predicted: Int) -> String { "actual=\(actual)&predicted=\(predicted)" }
