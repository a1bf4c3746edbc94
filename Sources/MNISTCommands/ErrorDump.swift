internal import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Export
internal import Pixels

/// The misclassified digits as pictures: one file each, a list of them, and a sheet that shows all.
struct ErrorDump {
  /// The order of the errors.
  enum Order: String, CaseIterable, ExpressibleByArgument {
    /// By their place in the data set.
    case index
    /// The most confident first.
    case confidence
  }

  /// A part of a run's data.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case test
    case train
    case validation

    /// As a sentence has it.
    var adjective: String { self == .train ? "training" : rawValue }
  }

  static let maximumScale = 64
  static let listName = "errors.csv"
  static let sheetName = "contact-sheet.png"

  let errors: [Prediction]
  private let errorCount: Int
  private let predictionCount: Int
  private let data: ImageDataset
  private let part: Part
  private let scale: Int

  init(
    _ predictions: [Prediction], of data: ImageDataset, part: Part, order: Order, limit: Int?, scale: Int?
  ) {
    var errors = predictions.filter(\.isError).sorted { $0.index < $1.index }
    // The index breaks ties, so that the order is one and the same on every run.
    if order == .confidence { errors.sort { ($1.confidence, $0.index) < ($0.confidence, $1.index) } }
    errorCount = errors.count
    predictionCount = predictions.count
    self.errors = Array(errors.prefix(limit ?? errors.count))
    self.data = data
    self.part = part
    self.scale = scale ?? min(Self.maximumScale, max(1, 112 / max(data.rowCount, data.columnCount)))
  }

  /// What was found, on one line.
  var summary: String {
    if errors.isEmpty {
      return "No errors among \(predictionCount) \(part.adjective) samples of \(data.name): no pictures"
    }
    let shown = errors.count < errorCount ? ", \(errors.count) of them shown" : ""
    return "\(errorCount) \(errorCount == 1 ? "error" : "errors") of \(predictionCount) \(part.adjective) samples of "
      + "\(data.name)\(shown)"
  }

  /// Writes all files into a folder that appears whole or not at all, and replaces only such a folder.
  func write(to path: String) throws -> String {
    let folder = try StagedFolder(for: path, foreignEntry: Self.foreignEntry)
    let highest = data.pixels.max() ?? 0
    let images = errors.map { error in
      GreyscaleImage(width: data.columnCount, height: data.rowCount, pixels: Array(data.image(error.index)))
        .stretched(from: 0, to: max(highest, 1))
    }
    let names = errors.map(name)
    if !errors.isEmpty {
      try folder.write(PNG.encode(sheet(images).render()), as: Self.sheetName)
    }
    for (image, name) in zip(images, names) {
      try folder.write(PNG.encode(image.scaled(by: scale)), as: name)
    }
    let rows = zip(errors, names).map { (prediction: $0, file: $1) }
    try folder.write(TextTables.errors(rows).utf8, as: Self.listName)
    return try folder.commit()
  }

  /// The most pixels of a contact sheet: what an image viewer still opens.
  static let maximumSheetPixelCount = 100_000_000

  /// All errors on one page. Where they are so many that the page would be too large, the digits are drawn smaller; where
  /// even that is too large, the page holds as many as it can and says so.
  private func sheet(_ images: [GreyscaleImage]) -> ContactSheet {
    var tiles = zip(images, errors).map { image, error in
      ContactSheet.Tile(image: image, captions: ["actual \(error.actual)", "predicted \(error.predicted)"])
    }
    var sheet = ContactSheet(title: summary, tiles: tiles)
    func pixelCount() -> Int {
      let layout = ContactSheetLayout(sheet)
      return layout.width * layout.height
    }
    while pixelCount() > Self.maximumSheetPixelCount {
      let scale = ContactSheetLayout(sheet).imageScale
      if scale > 1 {
        sheet.imageScale = scale - 1
      } else {
        tiles.removeLast(max(1, tiles.count / 8))
        sheet = ContactSheet(title: "\(summary); the first \(tiles.count)", tiles: tiles, imageScale: 1)
        if tiles.count <= 1 { break }
      }
    }
    return sheet
  }

  /// `00042-actual-3-predicted-8.png`: a listing sorts by index.
  private func name(_ error: Prediction) -> String {
    let width = String(data.count - 1).count
    let digits = String(error.index)
    let index = String(repeating: "0", count: max(0, width - digits.count)) + digits
    return "\(index)-actual-\(error.actual)-predicted-\(error.predicted).png"
  }

  /// The name of something in a folder that no dump wrote; nil where there is nothing of the kind.
  static func foreignEntry(in folder: String) -> String? {
    guard let names = try? FilePaths.names(in: folder) else { return "" }
    return names.first { name in
      !TemporaryName.matches(name) && !(isOwn(name) && FilePaths.isRegularFile(FilePaths.join(folder, name)))
    }
  }

  /// Whether a file in an errors folder is one that a dump writes.
  private static func isOwn(_ name: String) -> Bool {
    name == listName || name == sheetName || name.wholeMatch(of: /[0-9]+-actual-[0-9]+-predicted-[0-9]+\.png/) != nil
  }
}
