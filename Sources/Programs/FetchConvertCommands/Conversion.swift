public import ArgumentParser
public import DatasetFormats
public import Datasets
internal import DisplayText
internal import DurableFiles
internal import MNISTCommands

/// The options that say what data sets are converted to, and the conversion that they ask for.
struct ConversionOptions: ParsableArguments {
  /// The part that is written, as command lines name it.
  enum Split: String, CaseIterable, ExpressibleByArgument {
    case train, test, all

    /// Nil for all parts.
    var part: DataPart? { DataPart(rawValue: rawValue) }
  }

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "Write the data sets in this format, too.",
      discussion: """
        idx: a folder of raw IDX files; idx-gz: the same gzipped, as MNIST is published; csv: a folder with train.csv and \
        test.csv in Kaggle's layout, or one file for one part; npz: the NumPy arrays x_train, y_train, x_test and \
        y_test, as Keras has them; png: a folder for each class in train and in test.
        """, valueName: "format"))
  var format: DatasetFormat?

  @Option(
    help: ArgumentHelp(
      "Where to. What is there already in that format's layout is replaced, and nothing else.",
      discussion: "Default: in the current folder, named for the data set, such as full.npz or full-csv.",
      valueName: "path"))
  var output: String?

  @Option(help: "Which part is written: train, test, or all, which is both. (default: all)")
  var split: Split?

  @Option(
    help: ArgumentHelp(
      "The images' size, such as 28x20, for CSV files that do not tell it and whose images are not square.",
      valueName: "rowsxcolumns"))
  var imageSize: ImageSize?

  func validate() throws {
    try checkNotEmpty(output, "--output", expected: "a path")
    guard format == nil else { return }
    let given = [("--output", output != nil), ("--split", split != nil), ("--image-size", imageSize != nil)]
    if let name = given.first(where: \.1)?.0 {
      throw ValidationError("\(name) goes with --to only, which names the format")
    }
  }

  /// Reads a data set and writes it in a format.
  ///
  /// - Parameter earlierOutputs: what the same call has written before; this output is added.
  /// - Returns: a line that says what was written, and where.
  func convert(
    _ source: ConversionSource, to format: DatasetFormat, dataFolder: String?, earlierOutputs: inout Set<String>
  ) throws(CommandFailure) -> String {
    do {
      let data = try read(source, dataFolder)
      let part = split?.part
      let output = output ?? Self.defaultOutput(for: data.name, part, format)
      try Self.check(output, source, dataFolder)
      guard earlierOutputs.insert(FilePaths.resolvedAsFarAsThere(output)).inserted else {
        throw CommandFailure(
          .usage,
          "\(output): another of the data sets has just been written there; name this one's --output, in a call of its own"
        )
      }
      try data.write(to: output, as: format, part: part)
      let counts = DataPart.published.filter { (part ?? $0) == $0 && !data.indices(of: $0).isEmpty }
        .map { "\(data.indices(of: $0).count) \($0.adjective)" }
      return "\(data.name): \(counts.joined(separator: " and ")) images of \(data.imageSize) as \(format.rawValue) "
        + "in \(output)"
    } catch let error as ConversionError {
      guard case .csv(_, .unknownSize) = error else { throw CommandFailure(error) }
      throw CommandFailure(CommandFailure(error).status, "\(error), with --image-size ROWSxCOLUMNS")
    } catch {
      throw CommandFailure(error)
    }
  }

  private func read(_ source: ConversionSource, _ dataFolder: String?) throws -> ImageDataset {
    switch source {
    case .path(let path): return try .read(path, imageSize: imageSize)
    case .known(let description):
      let data = try ImageDataset.named(description.name, dataFolder: dataFolder)
      if let imageSize, imageSize != data.imageSize {
        throw CommandFailure(
          .usage,
          "\(description.name): images of \(data.imageSize) pixels, expected \(imageSize) as --image-size says")
      }
      return data
    }
  }

  /// Such as `full.npz`, `full-test.csv` or `full-png`.
  private static func defaultOutput(for name: String, _ part: DataPart?, _ format: DatasetFormat) -> String {
    // What was named so here before is not named for both formats.
    let ending = DatasetFormat.allCases.map { "-" + $0.rawValue }.first { name.hasSuffix($0) && name != $0 }
    let plainName = String(name.dropLast(ending?.count ?? 0)).asFileNamePart()
    let stem = part.map { "\(plainName)-\($0.rawValue)" } ?? plainName
    switch format {
    case .npz: return stem + ".npz"
    case .csv: return part == nil ? stem + "-csv" : stem + ".csv"
    case .idx, .idxGzip, .png: return "\(stem)-\(format.rawValue)"
    }
  }

  /// What is written must not be what is read, nor lie in it or in what the data folder keeps.
  private static func check(
    _ output: String, _ source: ConversionSource, _ dataFolder: String?
  ) throws(CommandFailure) {
    let output = FilePaths.resolvedAsFarAsThere(output)
    if case .path(let path) = source, let input = FilePaths.resolved(path),
      FilePaths.contains(output, input) || FilePaths.contains(input, output)
    {
      throw CommandFailure(.usage, "\(output): the data set that is read lies there, choose another --output")
    }
    guard let dataFolder else { return }
    for description in DatasetCatalogue.all where !description.isEmbedded {
      let kept = FilePaths.resolvedAsFarAsThere(FilePaths.join(dataFolder, description.name))
      if FilePaths.contains(kept, output) || FilePaths.contains(output, kept) {
        throw CommandFailure(
          .usage, "\(output): the data folder keeps \(description.name) there, choose another --output")
      }
    }
  }
}

/// A data set that a command line names.
enum ConversionSource: Equatable {
  /// One of the catalogue.
  case known(DatasetDescription)
  /// One that lies somewhere.
  case path(String)

  /// A name of the catalogue's, which goes before a file's, or else a path.
  init(_ name: String, allowsPaths: Bool) throws(CommandFailure) {
    if let description = DatasetCatalogue.description(named: name) {
      self = .known(description)
      return
    }
    let known = DatasetCatalogue.all.map(\.name).joined(separator: ", ")
    guard FilePaths.exists(name) else {
      guard allowsPaths, name.contains("/") || name.contains(".") else {
        throw CommandFailure(.usage, "\(name): unknown data set, expected one of \(known)")
      }
      throw CommandFailure(.missingInput, "\(name): there is no such file or folder")
    }
    guard allowsPaths else {
      throw CommandFailure(.usage, "\(name): nothing to fetch; to convert what is there, name a format with --to")
    }
    self = .path(name)
  }
}

extension DatasetFormat: ExpressibleByArgument {}

extension ImageSize: ExpressibleByArgument {}
