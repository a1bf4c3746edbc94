public import Datasets
internal import DisplayText
public import Evaluation
internal import Images
internal import Pixels

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
      DumpFileName.name(of: sample, rank: rank, of: samples.count, largestIndex: data.count - 1, kind: kind)
    }
  }

  /// A name for each of some classes: a folder's labels only tell how many there are at least.
  public func classNames(count: Int) -> [String] {
    data.classNames(count: count)
  }

  /// The grey of each pixel value in the pictures: the data set's largest one is white.
  var greys: [UInt8] {
    let highest = Int(max(data.pixels.max() ?? 0, 1))
    return (0...255).map { UInt8((2 * 255 * min($0, highest) + highest) / (2 * highest)) }
  }

  /// A sample's picture, not enlarged.
  func image(of sample: PredictedSample, greys: [UInt8]) -> GreyscaleImage {
    GreyscaleImage(
      width: data.columnCount, height: data.rowCount, pixels: data.image(sample.index).map { greys[Int($0)] })
  }
}
