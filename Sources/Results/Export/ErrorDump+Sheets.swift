internal import Datasets
internal import Drawing
internal import Evaluation

extension ErrorDump {
  /// The digits of a contact sheet: as many as can be read on one screen.
  static let digitsPerSheet = 100

  /// The most pixels of a contact sheet: what an image viewer still opens.
  static let maximumSheetPixelCount = 100_000_000

  /// The names of the contact sheets, whatever the number of them: `contact-sheet.png`, or `contact-sheet-01.png` and on.
  static func sheetName(_ number: Int, of count: Int) -> String {
    let suffix = count == 1 ? "" : "-" + DumpFileName.padded(number, largest: max(count, 10))
    return sheetNameStart + suffix + DumpFileName.fileExtension
  }

  static let sheetNameStart = "contact-sheet"

  /// Which samples stand on which sheet: the worst first whatever the order of the lists is, and about as many on each.
  /// Suspects have an order of their own.
  var sheetSamples: [ArraySlice<PredictedSample>] {
    guard hasSheets, !samples.isEmpty else { return [] }
    let sorted = kind == .suspects ? samples : SampleOrder.loss.sorted(samples)
    let layout = ContactSheetLayout(sheet(of: sorted.prefix(1), titled: ""))
    let most = max(1, min(Self.digitsPerSheet, Self.maximumSheetPixelCount / (layout.width * layout.height)))
    let sheetCount = (sorted.count + most - 1) / most
    return (0..<sheetCount).map { sorted[sorted.count * $0 / sheetCount..<sorted.count * ($0 + 1) / sheetCount] }
  }

  /// The memory that drawing the contact sheets takes for each thread, in bytes: the pixels of a sheet, and its file.
  var sheetByteCount: Int {
    guard let most = sheetSamples.map(\.count).max() else { return 0 }
    let layout = ContactSheetLayout(sheet(of: samples.prefix(1), titled: ""))
    return 2 * most * layout.width * layout.height
  }

  /// One of the contact sheets.
  func sheet(_ samples: ArraySlice<PredictedSample>, number: Int, of count: Int, greys: [UInt8]) -> ContactSheet {
    var title = self.title
    if count > 1 {
      title +=
        " - sheet \(number) of \(count), \(samples.startIndex + 1) to \(samples.endIndex) of \(self.samples.count)"
    }
    if self.samples.count > 1 { title += kind == .errors ? ", worst first" : ", most doubtful first" }
    if samples.contains(where: { knownLabelErrors?.contains($0.index) == true }) {
      title += " - \"wrong label\": raters found it wrong"
    }
    return sheet(of: samples, titled: title, greys: greys)
  }

  private func sheet(
    of samples: ArraySlice<PredictedSample>, titled title: String, greys: [UInt8]? = nil
  ) -> ContactSheet {
    let greys = greys ?? (0...255).map { UInt8($0) }
    return ContactSheet(
      title: title,
      tiles: samples.map { ContactSheet.Tile(image: image(of: $0, greys: greys), captions: captions(of: $0)) })
  }

  private func captions(of sample: PredictedSample) -> [String] {
    var captions = [
      "\(kind.actualWord) \(className(sample.actual))", "predicted \(className(sample.predicted))",
      "\(DumpFileName.thousandths(sample.confidence))  #\(sample.index)",
    ]
    if knownLabelErrors?.contains(sample.index) == true { captions.append("wrong label") }
    return captions
  }

  /// A class's name where the captions' letters have it, otherwise its number.
  private func className(_ label: Int) -> String {
    guard label < data.classCount else { return "\(label)" }
    let name = data.classNames[label]
    guard !name.isEmpty, name.utf8.allSatisfy({ (32..<127).contains($0) }) else { return "\(label)" }
    return name.utf8.count <= 16 ? name : name.prefix(15) + "…"
  }
}
