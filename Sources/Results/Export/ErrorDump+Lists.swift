internal import Datasets
internal import DisplayText
internal import Evaluation

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

extension ErrorDump {
  /// The columns of the list; what reads the first five of them reads the lists of earlier versions too.
  static let columns = [
    "index", "actual", "predicted", "confidence", "file", "loss", "part", "actual_name", "predicted_name",
    "actual_confidence", "known_label_error",
  ]

  /// What every version's list begins with.
  static let listStart = "index,actual,predicted,confidence,"

  /// The list as CSV: numbers at full precision, nothing for what is not known, a line feed behind each line. Characters
  /// of class names that cannot be shown are written as escapes, so that a name never breaks its line.
  func list(_ fileNames: [String]) -> [UInt8] {
    var text = Self.columns.joined(separator: ",") + "\n"
    let names = classNames(count: samples.first?.outputs.count ?? 0).map(Self.cell)
    for (sample, file) in zip(samples, fileNames) {
      let loss = sample.loss.map { "\($0)" } ?? ""
      let isKnown = knownLabelErrors.map { "\($0.contains(sample.index))" } ?? ""
      text += "\(sample.index),\(sample.actual),\(sample.predicted),\(sample.confidence),\(file),\(loss)"
      text += ",\(part.rawValue),\(names[sample.actual]),\(names[sample.predicted])"
      text += ",\(Self.number(sample.outputs[sample.actual]) ?? ""),\(isKnown)\n"
    }
    return Array(text.utf8)
  }

  /// The list as JSON: what the dump is of, then an object for each sample with its columns and all outputs.
  func document(_ fileNames: [String]) -> [UInt8] {
    var text = Self.documentStart(kind) + "  \"head\": \(Self.json(Head(self))),\n  \"samples\": ["
    let names = classNames(count: samples.first?.outputs.count ?? 0).map { Self.json($0) }
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

  /// What the document says about all samples together.
  private struct Head: Encodable {
    struct Dataset: Encodable {
      let name: String
      let sampleCount: Int
      let rowCount: Int
      let columnCount: Int
      let classNames: [String]
    }

    struct Selection: Encodable {
      let sort: String
      let limit: Int?
      let actual: Int?
      let predicted: Int?
      let all: Bool
    }

    let source: String
    let dataset: Dataset
    let part: DataPart
    let shownCount: Int
    let scale: Int
    let summary: ErrorSummary?
    let selection: Selection?

    init(_ dump: ErrorDump) {
      let data = dump.data
      source = dump.source
      dataset = Dataset(
        name: data.name, sampleCount: data.count, rowCount: data.rowCount, columnCount: data.columnCount,
        classNames: data.classNames)
      part = dump.part
      shownCount = dump.samples.count
      scale = dump.scale
      summary = dump.origin?.summary
      selection = dump.origin.map {
        Selection(
          sort: $0.selection.order.rawValue, limit: $0.selection.limit, actual: $0.selection.actual,
          predicted: $0.selection.predicted, all: $0.selection.includesCorrect)
      }
    }
  }

  /// What the document begins with, which tells whose it is.
  static func documentStart(_ kind: DumpKind) -> String { "{\n  \"format\": \"\(kind.format)\",\n" }

  /// A number as JSON has it; nil for what is none.
  private static func number(_ value: Double) -> String? {
    value.isFinite ? "\(value)" : nil
  }

  private static func cell(_ text: String) -> String {
    let text = text.escapedForDisplay
    let isPlain = !text.unicodeScalars.contains { ",\"".unicodeScalars.contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and finite numbers, which always encode.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self).escapedAsJSON() } ?? "null"
  }
}
