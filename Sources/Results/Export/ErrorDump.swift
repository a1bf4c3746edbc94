public import Datasets
internal import DisplayText
internal import Drawing
public import DurableFiles
public import Evaluation
public import Images
internal import Pixels
public import Workers

/// A dump of samples for people to look at: one PNG file per sample, lists as CSV and JSON, and contact sheets.
///
/// ```swift
/// let errors = SampleSelection(order: .loss).selected(from: samples)
/// try ErrorDump(errors, of: data, part: .test, source: "model.safetensors").write(to: "errors")
/// ```
///
/// The files depend only on the dump's properties and on the version of zlib. The number of threads and the time have
/// no effect.
public struct ErrorDump: Sendable {
  /// The largest factor by which pictures can be enlarged.
  public static let maximumScale = 64

  /// The compression level of zlib. The level is low, because enlarged digits compress well even at fast levels.
  static let compressionLevel = 3

  /// The samples, in the order of `errors.csv` and `errors.json`.
  public let samples: [PredictedSample]

  /// The data set of the samples.
  public let data: ImageDataset

  /// The part of the data set that contains the samples.
  public let part: DataPart

  /// The kind of the dump: errors or suspects.
  public let kind: DumpKind

  /// The source of the predictions, such as the name of a run.
  public let source: String

  /// The summary of all predictions, and the selection that chose the samples; nil if both are unknown.
  public let origin: (summary: ErrorSummary, selection: SampleSelection)?

  /// The factor by which the pictures are enlarged.
  public let scale: Int

  /// The indices of samples whose labels are known to be wrong; nil if nothing is known about the labels of the data
  /// set.
  let knownLabelErrors: Set<Int>?

  /// Whether contact sheets are written.
  public let hasSheets: Bool

  /// Creates a dump.
  ///
  /// - Parameters:
  ///   - samples: The samples, in the order of `errors.csv` and `errors.json`. All samples have the same number of
  ///     outputs.
  ///   - data: The data set of the samples. The largest pixel value of the data set becomes white.
  ///   - part: The part of the data set that contains the samples.
  ///   - kind: The kind of the dump.
  ///   - source: The source of the predictions, such as the name of a run.
  ///   - origin: The summary of all predictions, and the selection that chose the samples.
  ///   - scale: The factor by which the pictures are enlarged, from 1 to ``maximumScale``. If nil, the longer side of a
  ///     picture becomes about 112 pixels long.
  ///   - hasSheets: Whether contact sheets are written.
  /// - Precondition: The index of each sample is valid in the data set.
  public init(
    _ samples: [PredictedSample], of data: ImageDataset, part: DataPart, kind: DumpKind = .errors, source: String,
    origin: (summary: ErrorSummary, selection: SampleSelection)? = nil, scale: Int? = nil, hasSheets: Bool = true
  ) {
    precondition(scale.map { (1...Self.maximumScale).contains($0) } ?? true, "the scale must be 1 to 64")
    precondition(samples.allSatisfy { $0.index >= 0 && $0.index < data.count }, "a sample index is out of range")
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

  /// The title line of the dump, with the number of samples, the data set and the selection.
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

  /// The file names of the pictures, in the order of the samples.
  public var fileNames: [String] {
    samples.enumerated().map { rank, sample in
      kind.pictureName(of: sample, rank: rank, of: samples.count, largestIndex: data.count - 1)
    }
  }
}

extension ErrorDump {
  /// Writes all files into a new folder. The folder gets its final name only after all files are written.
  ///
  /// - Parameters:
  ///   - path: The path of the folder. An existing folder is replaced if it is empty or contains a dump of the same
  ///     kind. See ``DumpKind/unownedItem(in:)``.
  ///   - pool: The worker threads that compress and write the pictures.
  /// - Returns: The path of the folder.
  /// - Throws: ``ErrorDumpError`` if a file or folder cannot be written. An existing folder at `path` then stays
  ///   unchanged.
  /// - Complexity: O(*n*), where *n* is the number of pixels written. The memory holds one contact sheet per thread,
  ///   and the lists.
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

  /// Returns the picture of a sample without enlargement. The largest pixel value of the data set becomes white.
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
  /// The largest number of digits on a contact sheet. With this number, the digits are readable on one screen.
  private static let digitsPerSheet = 100

  /// The largest number of pixels in a contact sheet. Image viewers can open pictures of this size.
  private static let maximumSheetPixelCount = 100_000_000

  /// The samples of each contact sheet. All sheets have nearly the same number of samples.
  ///
  /// Errors are sorted with the worst first, even if the lists have another order. Suspects keep the order of the
  /// lists.
  private var sheetSamples: [ArraySlice<PredictedSample>] {
    guard hasSheets, !samples.isEmpty else { return [] }
    let sorted = kind == .suspects ? samples : SampleOrder.loss.sorted(samples)
    let layout = ContactSheetLayout(sheet(of: sorted.prefix(1), titled: ""))
    let most = max(1, min(Self.digitsPerSheet, Self.maximumSheetPixelCount / (layout.width * layout.height)))
    let sheetCount = (sorted.count + most - 1) / most
    return (0..<sheetCount).map { sorted[sorted.count * $0 / sheetCount..<sorted.count * ($0 + 1) / sheetCount] }
  }

  /// The memory in bytes that each thread needs for the pixels and the file of a contact sheet.
  private var sheetByteCount: Int {
    guard let most = sheetSamples.map(\.count).max() else { return 0 }
    let layout = ContactSheetLayout(sheet(of: samples.prefix(1), titled: ""))
    return 2 * most * layout.width * layout.height
  }

  /// Returns one of the contact sheets, with its title.
  private func sheet(_ samples: ArraySlice<PredictedSample>, number: Int, of count: Int, greys: [UInt8]) -> ContactSheet
  {
    var title = self.title
    if count > 1 {
      title +=
        " - sheet \(number) of \(count), \(samples.startIndex + 1) to \(samples.endIndex) of \(self.samples.count)"
    }
    if self.samples.count > 1 { title += kind == .errors ? ", worst first" : ", most doubtful first" }
    if samples.contains(where: { knownLabelErrors?.contains($0.index) == true }) {
      title += " - \"wrong label\": human raters found the label wrong"
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

  /// Returns the name of a class. If the captions' font lacks a character of the name, the number of the class is
  /// returned.
  private func className(_ label: Int) -> String {
    guard label < data.classCount else { return "\(label)" }
    let name = data.classNames[label]
    guard !name.isEmpty, name.utf8.allSatisfy({ (32..<127).contains($0) }) else { return "\(label)" }
    return name.utf8.count <= 16 ? name : name.prefix(15) + "…"
  }
}

/// An error that prevents the writing of a dump. The message is one sentence that begins with the path of a file or
/// folder.
public enum ErrorDumpError: Error, Equatable, Sendable {
  /// A file or folder cannot be written, or an existing item must not be replaced.
  case file(FileError)
  /// A picture cannot be written, because it is too large for a PNG file.
  case png(path: String, PNGError)
}

extension ErrorDumpError: CustomStringConvertible {
  /// The error message, one sentence.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .png(let path, let error): "\(path): \(error)"
    }
  }
}
