public import Datasets
internal import DisplayText
internal import Drawing
public import DurableFiles
public import Evaluation
public import Images
internal import Pixels
public import Workers

/// Samples as pictures for people to look at: one PNG file each, lists of them as CSV and JSON, and contact sheets.
///
/// ```swift
/// let errors = SampleSelection(order: .loss).selected(from: samples)
/// try ErrorDump(errors, of: data, part: .test, source: "model.safetensors").write(to: "errors")
/// ```
///
/// What is written depends on these values and the version of zlib alone: not on the number of threads, nor on the time.
public struct ErrorDump: Sendable {
  /// The most that pictures are enlarged.
  public static let maximumScale = 64

  /// How hard zlib tries: a quick level, at which enlarged digits and sheets of them are small already.
  static let compressionLevel = 3

  /// The samples, in the order of the lists.
  public let samples: [PredictedSample]

  /// What they are samples of.
  public let data: ImageDataset

  /// Which part of it.
  public let part: DataPart

  /// What the dump shows.
  public let kind: DumpKind

  /// Where the predictions come from, such as a run's name.
  public let source: String

  /// How good all predictions are from which the samples were selected, and how they were; nil where that is not told.
  public let origin: (summary: ErrorSummary, selection: SampleSelection)?

  /// How many times the pictures are enlarged.
  public let scale: Int

  /// Which samples have a label that is known to be wrong; nil where nothing is known about the data set's labels.
  let knownLabelErrors: Set<Int>?

  /// Whether contact sheets are made too.
  public let hasSheets: Bool

  /// A dump.
  ///
  /// - Parameters:
  ///   - samples: The samples, in the order of the lists, all with equally many outputs.
  ///   - data: What they are samples of. Its largest pixel is shown white.
  ///   - part: Which part of it.
  ///   - kind: What the dump shows.
  ///   - source: Where the predictions come from, such as a run's name.
  ///   - origin: How good all predictions are from which the samples were selected, and how they were.
  ///   - scale: How many times the pictures are enlarged, 1 to ``maximumScale``; nil for the number that brings the longer
  ///     side to about 112 pixels.
  ///   - hasSheets: Whether contact sheets are made too.
  /// - Precondition: Each sample's index is one of the data set's.
  public init(
    _ samples: [PredictedSample], of data: ImageDataset, part: DataPart, kind: DumpKind = .errors, source: String,
    origin: (summary: ErrorSummary, selection: SampleSelection)? = nil, scale: Int? = nil, hasSheets: Bool = true
  ) {
    precondition(scale.map { (1...Self.maximumScale).contains($0) } ?? true, "pictures are enlarged by 1 to 64")
    precondition(samples.allSatisfy { $0.index >= 0 && $0.index < data.count }, "an index is one of the data set's")
    self.samples = samples
    self.data = data
    self.part = part
    self.kind = kind
    self.source = source
    self.origin = origin
    self.scale = scale ?? min(Self.maximumScale, max(1, 112 / max(data.rowCount, data.columnCount)))
    let known = KnownLabelErrors.indices(in: data)
    knownLabelErrors = known.isEmpty ? nil : Set(known)
    self.hasSheets = hasSheets
  }

  /// What the dump shows, on one line: how many of how many samples, and how they were chosen.
  public var title: String {
    let (count, total) = (samples.count, origin?.summary.sampleCount)
    let samplesOf = "\(total.map { "\($0) " } ?? "")\(part.adjective) samples of \(data.name.escapedForDisplay)"
    let selection = origin?.selection ?? SampleSelection()
    var noun = count == 1 ? "error" : "errors"
    if kind == .suspects {
      noun = count == 1 ? "suspect label" : "suspect labels"
    } else if selection.includesCorrect {
      return "\(count) \(total == nil ? "" : "of ")\(samplesOf)"
    } else if let all = origin?.summary.errorCount, count < all {
      return "\(all) errors of \(samplesOf), \(count) of them shown"
    }
    return "\(count) \(noun) of \(samplesOf)"
  }

  /// The pictures' names, in the order of the samples.
  public var fileNames: [String] {
    samples.enumerated().map { rank, sample in
      kind.pictureName(of: sample, rank: rank, of: samples.count, largestIndex: data.count - 1)
    }
  }
}

extension ErrorDump {
  /// Writes all files into a folder that appears under its name whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The folder's path. An empty folder there is filled, and one that a dump of the same kind was written into
  ///     replaced, as ``DumpKind/unownedItem(in:)`` tells.
  ///   - pool: The threads that compress and write.
  /// - Returns: The folder's path.
  /// - Throws: ``ErrorDumpError``; the path then holds what it held before.
  /// - Complexity: O(pixels written). Memory: a contact sheet for each thread beside the lists.
  @discardableResult
  public func write(to path: String, pool: WorkerPool = WorkerPool()) throws(ErrorDumpError) -> String {
    let staged: StagedFolder
    let folder: StagedSubfolder
    do throws(FileError) {
      try FileError.checkMemory(pool.threadCount * sheetByteCount, for: path, action: "cannot write")
      staged = try StagedFolder(for: path, unownedItem: kind.unownedItem)
      folder = try staged.folderForManyFiles()
    } catch {
      throw .file(error)
    }
    let names = fileNames
    let greys = GreyscaleImage.greys(stretchedFrom: 0, to: max(data.pixels.max() ?? 0, 1))
    try writePictures(names, greys, into: folder, pool)
    try writeSheets(greys, into: folder, pool)
    do throws(FileError) {
      try folder.write(list(names), as: kind.listName)
      try folder.write(document(names), as: kind.documentName)
      return try staged.commit()
    } catch {
      throw .file(error)
    }
  }

  private func writePictures(
    _ names: [String], _ greys: [UInt8], into folder: StagedSubfolder, _ pool: WorkerPool
  ) throws(ErrorDumpError) {
    try pool.forEach(in: samples.indices) {
      PNGEncoder(compressionLevel: Self.compressionLevel)
    } body: { (place, encoder) throws(ErrorDumpError) in
      try write(
        image(of: samples[place], greys: greys), enlargedBy: scale, as: names[place], into: folder, encoder)
    }
  }

  private func writeSheets(
    _ greys: [UInt8], into folder: StagedSubfolder, _ pool: WorkerPool
  ) throws(ErrorDumpError) {
    let sheets = sheetSamples
    try pool.forEach(in: sheets.indices, indicesAtATime: 1) {
      PNGEncoder(compressionLevel: Self.compressionLevel)
    } body: { (place, encoder) throws(ErrorDumpError) in
      let picture = sheet(sheets[place], number: place + 1, of: sheets.count, greys: greys).render()
      try write(picture, enlargedBy: 1, as: DumpKind.sheetName(place + 1, of: sheets.count), into: folder, encoder)
    }
  }

  /// Returns a sample's picture, not enlarged. The data set's largest pixel value is shown white.
  private func image(of sample: PredictedSample, greys: [UInt8]) -> GreyscaleImage {
    GreyscaleImage(
      width: data.columnCount, height: data.rowCount, pixels: data.image(sample.index).map { greys[Int($0)] })
  }

  private func write(
    _ image: GreyscaleImage, enlargedBy scale: Int, as name: String, into folder: StagedSubfolder,
    _ encoder: PNGEncoder
  ) throws(ErrorDumpError) {
    var failure: FileError?
    do throws(PNGError) {
      try image.pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
        try encoder.withEncodedBytes(width: image.width, height: image.height, pixels: pixels, scale: scale) { bytes in
          do throws(FileError) { try folder.write(bytes, as: name) } catch { failure = error }
        }
      }
    } catch {
      throw .png(path: FilePaths.join(folder.path, name), error)
    }
    if let failure { throw .file(failure) }
  }
}

// MARK: Contact sheets

extension ErrorDump {
  /// The digits of a contact sheet: as many as can be read on one screen.
  private static let digitsPerSheet = 100

  /// The most pixels of a contact sheet: what an image viewer still opens.
  private static let maximumSheetPixelCount = 100_000_000

  /// Which samples stand on which sheet: the worst first whatever the order of the lists is, and about as many on each.
  /// Suspects have an order of their own.
  private var sheetSamples: [ArraySlice<PredictedSample>] {
    guard hasSheets, !samples.isEmpty else { return [] }
    let sorted = kind == .suspects ? samples : SampleOrder.loss.sorted(samples)
    let layout = ContactSheetLayout(sheet(of: sorted.prefix(1), titled: ""))
    let most = max(1, min(Self.digitsPerSheet, Self.maximumSheetPixelCount / (layout.width * layout.height)))
    let sheetCount = (sorted.count + most - 1) / most
    return (0..<sheetCount).map { sorted[sorted.count * $0 / sheetCount..<sorted.count * ($0 + 1) / sheetCount] }
  }

  /// The memory that drawing the contact sheets takes for each thread, in bytes: the pixels of a sheet, and its file.
  private var sheetByteCount: Int {
    guard let most = sheetSamples.map(\.count).max() else { return 0 }
    let layout = ContactSheetLayout(sheet(of: samples.prefix(1), titled: ""))
    return 2 * most * layout.width * layout.height
  }

  /// Returns one of the contact sheets.
  private func sheet(_ samples: ArraySlice<PredictedSample>, number: Int, of count: Int, greys: [UInt8]) -> ContactSheet
  {
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
    of samples: ArraySlice<PredictedSample>, titled title: String, greys: [UInt8] = Array(0...255)
  ) -> ContactSheet {
    ContactSheet(
      title: title, tiles: samples.map { .init(image: image(of: $0, greys: greys), captions: captions(of: $0)) })
  }

  private func captions(of sample: PredictedSample) -> [String] {
    var captions = [
      "\(kind.actualWord) \(className(sample.actual))", "predicted \(className(sample.predicted))",
      "\(DumpKind.text(confidence: sample.confidence))  #\(sample.index)",
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

/// The reason why a dump cannot be written. Each description is one sentence that begins with the file or folder.
public enum ErrorDumpError: Error, Equatable, Sendable {
  /// A file or folder cannot be written, or is in the way.
  case file(FileError)
  /// A picture cannot be written as PNG: it would be too large.
  case png(path: String, PNGError)
}

extension ErrorDumpError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .png(let path, let error): "\(path): \(error)"
    }
  }
}
