public import ArgumentParser
public import DatasetFormats
public import Datasets
internal import DisplayText
internal import DurableFiles
internal import MNISTCommands

/// The options for a conversion, and the conversion itself.
struct ConversionOptions: ParsableArguments {
  /// The part of a data set that a conversion writes.
  enum Split: String, CaseIterable, ExpressibleByArgument {
    case train, test, all

    /// The part; nil for all parts.
    var part: DataPart? { DataPart(rawValue: rawValue) }
  }

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "Also write the data sets in this format.",
      discussion: """
        idx: a folder of uncompressed IDX files. idx-gz: a folder of gzip-compressed IDX files, as MNIST is published. \
        csv: a folder with train.csv and test.csv, each line a label followed by the pixels, or a single file for a \
        single part. npz: a file of NumPy arrays x_train, y_train, x_test and y_test, as in Keras. png: the folders \
        train and test, each with one folder of PNG files for each class.
        """, valueName: "format"))
  var format: DatasetFormat?

  @Option(
    help: ArgumentHelp(
      "The file or folder to write. An existing one is replaced only if it has the same format.",
      discussion: "Default: a name made from the data set's name in the current folder, such as full.npz or full-csv.",
      valueName: "path"), completion: .file())
  var output: String?

  @Option(help: "The part of the data set to write. (default: all)")
  var split: Split?

  @Option(
    help: ArgumentHelp(
      "The rows and columns of the images, such as 28x20. Needed if a CSV file has images that are not square.",
      valueName: "rows>x<columns"))
  var imageSize: ImageSize?

  func validate() throws {
    try checkNotEmpty(output, "--output", expected: "a path")
    guard format == nil else { return }
    let given = [("--output", output != nil), ("--split", split != nil), ("--image-size", imageSize != nil)]
    if let name = given.first(where: \.1)?.0 {
      throw ValidationError("\(name) needs --to FORMAT")
    }
  }

  /// Reads a data set and writes it in another format.
  ///
  /// - Parameters:
  ///   - source: The data set.
  ///   - format: The format to write.
  ///   - dataFolder: The path of the data folder; nil if there is no data folder.
  ///   - earlierOutputs: The resolved paths of all outputs that this command has written. The new path is added.
  /// - Returns: A line that describes the output and its path.
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
          "\(output): another data set of this command has been written there; convert this one alone with --output"
        )
      }
      try data.write(to: output, as: format, part: part)
      let counts = DataPart.published.filter { (part ?? $0) == $0 && !data.indices(of: $0).isEmpty }
        .map { "\(data.indices(of: $0).count) \($0.adjective)" }
      return "\(data.name): \(counts.joined(separator: " and ")) images of \(data.imageSize) as \(format.rawValue) "
        + "in \(output)"
    } catch let error as ConversionError {
      guard case .csv(_, .unknownSize) = error else { throw CommandFailure(error) }
      throw CommandFailure(CommandFailure(error).status, "\(error); give the size with --image-size ROWSxCOLUMNS")
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
          "\(description.name): the images have \(data.imageSize) pixels, expected \(imageSize) as in --image-size")
      }
      return data
    }
  }

  /// Returns the default output path, such as `full.npz`, `full-test.csv` or `full-png`.
  private static func defaultOutput(for name: String, _ part: DataPart?, _ format: DatasetFormat) -> String {
    // A name with a format at its end, such as `full-csv`, probably comes from an earlier conversion. The format is
    // removed first.
    let ending = DatasetFormat.allCases.map { "-" + $0.rawValue }.first { name.hasSuffix($0) && name != $0 }
    let plainName = String(name.dropLast(ending?.count ?? 0)).asFileNamePart()
    let stem = part.map { "\(plainName)-\($0.rawValue)" } ?? plainName
    switch format {
    case .npz: return stem + ".npz"
    case .csv: return part == nil ? stem + "-csv" : stem + ".csv"
    case .idx, .idxGzip, .png: return "\(stem)-\(format.rawValue)"
    }
  }

  /// Checks that the output does not overlap the input or a data set in the data folder.
  ///
  /// Two paths overlap if they are equal or one is inside the other.
  private static func check(
    _ output: String, _ source: ConversionSource, _ dataFolder: String?
  ) throws(CommandFailure) {
    let output = FilePaths.resolvedAsFarAsThere(output)
    if case .path(let path) = source, let input = FilePaths.resolved(path),
      FilePaths.contains(output, input) || FilePaths.contains(input, output)
    {
      throw CommandFailure(.usage, "\(output): the output overlaps the input; choose another --output")
    }
    guard let dataFolder else { return }
    for description in DatasetCatalogue.all where !description.isEmbedded {
      let kept = FilePaths.resolvedAsFarAsThere(FilePaths.join(dataFolder, description.name))
      if FilePaths.contains(kept, output) || FilePaths.contains(output, kept) {
        throw CommandFailure(
          .usage, "\(output): the output overlaps \(description.name) in the data folder; choose another --output")
      }
    }
  }
}

/// A data set that is named on the command line.
enum ConversionSource: Equatable {
  /// A data set of the catalogue.
  case known(DatasetDescription)
  /// The path of a data set.
  case path(String)

  /// Creates a source from a name in the catalogue, or from a path. A name in the catalogue takes precedence over a
  /// file with the same name.
  ///
  /// - Throws: A failure if the name is unknown or the path does not exist.
  init(_ name: String, allowsPaths: Bool) throws(CommandFailure) {
    if let description = DatasetCatalogue.description(named: name) {
      self = .known(description)
      return
    }
    let known = DatasetCatalogue.all.map(\.name).joined(separator: ", ")
    guard FilePaths.exists(name) else {
      guard allowsPaths, name.contains("/") || name.contains(".") else {
        let suggestion = DatasetCatalogue.suggestion(for: name).map { " (did you mean \($0)?)" } ?? ""
        throw CommandFailure(.usage, "\(name): unknown data set\(suggestion), expected one of \(known)")
      }
      throw CommandFailure(.missingInput, "\(name): there is no such file or folder")
    }
    guard allowsPaths else {
      throw CommandFailure(.usage, "\(name): a file or folder cannot be fetched; to convert it, add --to FORMAT")
    }
    self = .path(name)
  }
}

extension DatasetFormat: ExpressibleByArgument {}

extension ImageSize: ExpressibleByArgument {}
