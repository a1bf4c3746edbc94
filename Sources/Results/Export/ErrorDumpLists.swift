internal import Datasets
internal import DisplayText
internal import Evaluation

extension ErrorDump {
  /// The columns of the CSV file. The first five columns are the same as in earlier versions, so programs written for
  /// earlier versions still work.
  private static let columns = [
    "index", "actual", "predicted", "confidence", "file", "loss", "part", "actual_name", "predicted_name",
    "actual_confidence", "known_label_error",
  ]

  /// Returns the samples as a CSV file in which each line ends with a line feed.
  ///
  /// Numbers have full precision. Cells of unknown values are empty. Invisible characters in class names are escaped,
  /// so that a line break in a name cannot split a line.
  func list(_ fileNames: [String]) -> [UInt8] {
    var text = Self.columns.joined(separator: ",") + "\n"
    let names = data.classNames(count: samples.first?.outputs.count ?? 0).map(Self.cell)
    for (sample, file) in zip(samples, fileNames) {
      let loss = sample.loss.map { "\($0)" } ?? ""
      let isKnown = knownLabelErrors.map { "\($0.contains(sample.index))" } ?? ""
      text += "\(sample.index),\(sample.actual),\(sample.predicted),\(sample.confidence),\(file),\(loss)"
      text += ",\(part.rawValue),\(names[sample.actual]),\(names[sample.predicted])"
      text += ",\(Self.number(sample.outputs[sample.actual]) ?? ""),\(isKnown)\n"
    }
    return Array(text.utf8)
  }

  /// Returns the samples as a JSON file. The file has facts about the dump first, then one object per sample.
  ///
  /// Each object has the columns of the CSV file and all outputs of the network.
  func document(_ fileNames: [String]) -> [UInt8] {
    var text = kind.documentStart + "  \"head\": \(Self.json(head)),\n  \"samples\": ["
    let names = data.classNames(count: samples.first?.outputs.count ?? 0).map { Self.json($0) }
    for (place, (sample, file)) in zip(samples, fileNames).enumerated() {
      let outputs = sample.outputs.map { Self.number($0) ?? "null" }
      let isKnown = knownLabelErrors.map { "\($0.contains(sample.index))" } ?? "null"
      text += place == 0 ? "\n" : ",\n"
      text += "    {\"index\": \(sample.index), \"actual\": \(sample.actual), \"predicted\": \(sample.predicted)"
      text += ", \"confidence\": \(Self.number(sample.confidence) ?? "null"), \"file\": \"\(file)\""
      text += ", \"loss\": \(sample.loss.flatMap(Self.number) ?? "null"), \"part\": \"\(part.rawValue)\""
      text += ", \"actual_name\": \(names[sample.actual]), \"predicted_name\": \(names[sample.predicted])"
      text += ", \"actual_confidence\": \(outputs[sample.actual]), \"known_label_error\": \(isKnown)"
      text += ", \"outputs\": [\(outputs.joined(separator: ", "))]}"
    }
    return Array((text + (samples.isEmpty ? "]\n}\n" : "\n  ]\n}\n")).utf8)
  }

  /// The facts about the whole dump, at the start of the JSON file.
  private struct Head: Encodable {
    struct Dataset: Encodable {
      let name: String
      let sampleCount: Int
      let rowCount: Int
      let columnCount: Int
      let classNames: [String]
    }

    let source: String
    let dataset: Dataset
    let part: DataPart
    let shownCount: Int
    let scale: Int
    let summary: ErrorSummary?
    let selection: SampleSelection?
  }

  private var head: Head {
    Head(
      source: source,
      dataset: .init(
        name: data.name, sampleCount: data.count, rowCount: data.rowCount, columnCount: data.columnCount,
        classNames: data.classNames),
      part: part, shownCount: samples.count, scale: scale, summary: origin?.summary, selection: origin?.selection)
  }

  /// Returns a number in the syntax of JSON; nil if the number is not finite.
  private static func number(_ value: Double) -> String? {
    value.isFinite ? "\(value)" : nil
  }

  private static func cell(_ text: String) -> String {
    let text = text.escapedForDisplay
    let isPlain = !text.unicodeScalars.contains { ",\"".unicodeScalars.contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func json(_ value: some Encodable) -> String {
    // Text and finite numbers can always be encoded, so "null" is never used.
    (try? sortedJSON(value))?.escapedAsJSON() ?? "null"
  }
}
