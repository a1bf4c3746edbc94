internal import DisplayText
internal import Drawing
internal import Evaluation
private import Foundation
internal import Images
internal import NeuralNetwork

// The page section about errors. It has the confusion matrix and the gallery. Cells of the matrix link to errors in the
// gallery.

extension RunReport {
  /// The confusion matrix as a table whose cells link to the errors of a pair of classes.
  var heatMap: Values {
    let (classNames, pairs) = (model.classNames, confusionMatrix.confusedPairs)
    let names = classNames.map(xmlEscaped)
    func heading(_ label: Int, hasErrors: Bool, address: String) -> Values {
      var values: Values = ["name": classNames[label]]
      if hasErrors { values["hash"] = address }
      return values
    }
    // This function generates the cells' HTML without the template. A matrix of many classes has thousands of cells,
    // and most cells are empty.
    func cell(actual: Int, predicted: Int) -> String {
      let count = confusionMatrix[actual: actual, predicted: predicted]
      if actual == predicted { return #"<td class="d">\#(NumberText.count(count))</td>"# }
      if count == 0 { return "<td></td>" }
      // The level is from 1 to 5, in proportion to the count. Rounding up makes a single error visible.
      let level = Int((Double(count) / Double(pairs[0].count) * 5).rounded(.up))
      let address = xmlEscaped(pairAddress(actual: actual, predicted: predicted))
      let label = "\(names[actual]) predicted as \(names[predicted]): \(NumberText.count(count, of: "error"))"
      return ##"<td class="h\##(level)"><a href="#\##(address)" aria-label="\##(label)">"##
        + "\(NumberText.count(count))</a></td>"
    }
    return [
      // With more than 12 classes, the matrix leaves no space for the gallery beside it.
      "isWide": classNames.count > 12,
      // Names of more than two characters are written vertically above their columns.
      "hasLongNames": classNames.contains { $0.count > 2 },
      "hasErrors": !pairs.isEmpty,
      "columns": classNames.indices.map { label in
        heading(label, hasErrors: confusionMatrix.falsePositives(of: label) > 0, address: "predicted=\(label)")
      },
      "rows": classNames.indices.map { label in
        heading(label, hasErrors: confusionMatrix.falseNegatives(of: label) > 0, address: "actual=\(label)")
          .merging(["cells": classNames.indices.map { cell(actual: label, predicted: $0) }]) { $1 }
      },
      "pairs": pairs.prefix(6).map {
        [
          "hash": pairAddress(actual: $0.actual, predicted: $0.predicted), "actual": classNames[$0.actual],
          "predicted": classNames[$0.predicted], "count": NumberText.count($0.count),
        ]
      },
    ]
  }

  /// The maximum number of bytes that pictures and outputs add to the page.
  private static let maximumGalleryByteCount = 1_000_000

  /// Returns the values of the gallery: pictures of the errors, the worst first.
  ///
  /// If pictures and outputs would make the page too large, the gallery shows only some of the errors.
  ///
  /// - Throws: `PNGError` if the images are too large for PNG files.
  func gallery() throws(PNGError) -> Values {
    let errorCount = confusionMatrix.sampleCount - confusionMatrix.correctCount
    guard errorCount > 0 else {
      let images = NumberText.count(confusionMatrix.sampleCount, of: "test image")
      return ["noErrors": "There are no errors: every test image was classified correctly (\(images))."]
    }
    let names = model.classNames.map(xmlEscaped)
    let encoder = PNGEncoder(compressionLevel: 9)
    var tiles: [Values] = []
    var pairs: Set<String> = []
    var byteCount = 0
    for error in errors.sorted(by: { $0.sample.isWorse(than: $1.sample) }).prefix(Self.maximumGalleryCount) {
      let sample = error.sample
      let image = GreyscaleImage(width: model.columnCount, height: model.rowCount, pixels: error.pixels)
        .stretched(from: 0, to: model.largestPixel)
      let picture = Data(try encoder.encode(image)).base64EncodedString()
      let outputs = Self.outputList(sample.outputs, names: names)
      byteCount += picture.utf8.count + outputs.utf8.count
      guard byteCount <= Self.maximumGalleryByteCount || tiles.isEmpty else { break }
      // `sample.confidence` cannot be used, because it is 0 for an output that is not a finite number.
      let output = sample.outputs[sample.predicted]
      var tile: Values = [
        "index": String(sample.index), "actual": String(sample.actual), "predicted": String(sample.predicted),
        "confidence": output.isFinite ? "\(output)" : "", "loss": sample.loss.map { "\($0)" } ?? "",
        "confidenceText": output.isFinite ? NumberText.percent(output) : "no number",
        "actualName": model.classNames[sample.actual], "predictedName": model.classNames[sample.predicted],
        "width": String(model.columnCount), "height": String(model.rowCount), "png": picture, "outputs": outputs,
        "hasKnownLabelError": error.hasKnownLabelError,
      ]
      // The worst error of each pair of classes gets an identifier. Without JavaScript, the matrix link of the pair
      // leads to this identifier.
      let address = pairAddress(actual: sample.actual, predicted: sample.predicted)
      if pairs.insert(address).inserted { tile["hash"] = address }
      tiles.append(tile)
    }
    return [
      "errorCount": String(errorCount), "tiles": tiles,
      "shown": tiles.count == errorCount
        ? errorCount == 1 ? "1 error" : "All \(NumberText.count(errorCount)) errors"
        : "The worst \(NumberText.count(tiles.count)) of \(NumberText.count(errorCount, of: "error"))",
    ]
  }

  /// Returns the outputs as a list of bars in HTML.
  ///
  /// A page has thousands of bars, so this function generates the HTML without the template.
  private static func outputList(_ outputs: [Double], names: [String]) -> String {
    zip(outputs, names).map { output, name in
      let share = NumberText.fixed(min(max(output.isFinite ? output : 0, 0), 1), digits: 3)
      return "<li><bdi>\(name)</bdi><span style=--v:\(share)>\(NumberText.fixed(output, digits: 5))</span></li>"
    }.joined()
  }
}

/// Returns the fragment of the page address that filters the gallery by a pair of classes. The fragment is the part
/// after `#`.
private func pairAddress(actual: Int, predicted: Int) -> String { "actual=\(actual)&predicted=\(predicted)" }
