public import Datasets
internal import DurableFiles
public import Workers

/// A file format for data sets of labelled images.
///
/// ```swift
/// let format = try DatasetFormat(of: "mnist.npz")  // .npz
/// ```
///
/// The raw values are the names of the formats on the command line.
public enum DatasetFormat: String, CaseIterable, Sendable {
  /// A folder of raw IDX files with MNIST's names. The training files are `train-images-idx3-ubyte` and
  /// `train-labels-idx1-ubyte`. The names of the test files begin with `t10k` instead of `train`.
  case idx
  /// A folder of IDX files that are compressed with gzip, like the published files of MNIST. Each file name ends in
  /// `.gz`.
  case idxGzip = "idx-gz"
  /// CSV text with one line for each image: the label, then the pixels. A data set is a single file, or a folder with
  /// `train.csv`, `test.csv` or both.
  case csv
  /// An .npz file with the NumPy arrays `x_train`, `y_train`, `x_test` and `y_test`, in the layout of Keras.
  case npz
  /// A folder with the subfolder `train`, `test` or both. Each subfolder has one folder of PNG files for each class.
  case png

  /// Recognises the format of the file or folder at a path.
  ///
  /// A file is recognised by its first bytes, not by its name. A folder is recognised by the names of its items. The
  /// initializer looks for IDX files first, then for CSV files, then for class folders.
  ///
  /// - Throws: ``ConversionError`` if the path has no data set in a known format. The error describes the file or
  ///   folder.
  /// - Complexity: O(*n* log *n*) for a folder of *n* items, O(1) for a file.
  public init(of path: String) throws(ConversionError) {
    self = FilePaths.isFolder(path) ? try Self.format(ofFolder: path) : try Self.format(ofFile: path)
  }

  private static func format(ofFolder path: String) throws(ConversionError) -> DatasetFormat {
    if let isPacked = IDXFolder.isPacked(path) { return isPacked ? .idxGzip : .idx }
    if !CSVFiles.parts(in: path).isEmpty { return .csv }
    let names = try rethrow(FilePaths.names(in: path), as: ConversionError.file).filter { !$0.hasPrefix(".") }
    if names.contains(where: { FilePaths.isFolder(FilePaths.join(path, $0)) }) { return .png }
    let listed = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    throw .unexpected(
      path: path, expected: expectation(of: [.idx, .csv, .png]),
      found: names.isEmpty ? "an empty folder" : "a folder with \(listed)")
  }

  private static func format(ofFile path: String) throws(ConversionError) -> DatasetFormat {
    let file = try rethrow(FileReader(path), as: ConversionError.file)
    let content = FileContent(
      beginning: try rethrow(file.read(at: 0, count: FileContent.neededByteCount), as: ConversionError.file))
    switch content {
    case .zip: return .npz
    case .text: return .csv
    case .idx:
      throw .unexpected(
        path: path, expected: "the folder that holds the images and labels of an IDX data set", found: content.rawValue)
    case .gzip:
      throw .unexpected(
        path: path, expected: "an unpacked CSV file, an .npz file, or the folder that holds the IDX files",
        found: content.rawValue)
    default:
      throw .unexpected(path: path, expected: expectation(of: [.npz, .csv]), found: content.rawValue)
    }
  }

  /// Describes the files that the given formats require, for an error message.
  private static func expectation(of formats: [DatasetFormat]) -> String {
    formats.map { format in
      switch format {
      case .idx, .idxGzip: "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte (raw or .gz)"
      case .csv: "a CSV file, or a folder with train.csv"
      case .npz: "an .npz file"
      case .png: "a folder with a subfolder of PNG files for each class"
      }
    }.joined(separator: ", or ")
  }
}

/// The kind of a file, recognised by its first bytes. The raw values are used in error messages.
private enum FileContent: String {
  case zip = "a zip archive"
  case gzip = "a gzip file"
  case idx = "one IDX file"
  case npy = "one NumPy array (.npy)"
  case png = "one PNG image"
  case html = "an HTML page, probably from a failed download"
  case text = "text"
  case empty = "an empty file"
  case unknown = "a file of an unknown format"

  /// The number of bytes that are needed to recognise a file.
  static let neededByteCount = 512

  private static let signatures: [(bytes: [UInt8], content: FileContent)] = [
    // An archive without entries begins with the second zip signature, `PK\5\6`.
    (Array("PK\u{3}\u{4}".utf8), .zip), (Array("PK\u{5}\u{6}".utf8), .zip), ([0x1F, 0x8B], .gzip), ([0, 0], .idx),
    ([0x93] + "NUMPY".utf8, .npy), ([0x89] + "PNG".utf8, .png),
  ]

  /// Recognises the kind of a file from its first bytes.
  ///
  /// - Parameter bytes: the first ``neededByteCount`` bytes, or the whole file if the file is shorter.
  init(beginning bytes: [UInt8]) {
    if bytes.isEmpty {
      self = .empty
    } else if let known = Self.signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      self = known.content
    } else {
      let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      let isText = text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
      let first = text.first { $0 > 0x20 }
      self = !isText ? .unknown : first == UInt8(ascii: "<") ? .html : .text
    }
  }
}

extension ImageDataset {
  /// Reads a data set in any format.
  ///
  /// ```swift
  /// let data = try ImageDataset.read("mnist.npz")
  /// print(data.trainingCount, data.testCount)  // 60000 10000
  /// ```
  ///
  /// The pixels have the shape `[count, rowCount, columnCount]`. The images of the training part come first. A single
  /// CSV file becomes a training part.
  ///
  /// The classes are the numbers from 0 to the largest label. If the class folders of a PNG data set have other names,
  /// the folder names are the classes.
  ///
  /// - Parameters:
  ///   - path: the path of the file or folder. ``DatasetFormat`` lists the files of each format.
  ///   - format: the format; by default the format that ``DatasetFormat/init(of:)`` recognises.
  ///   - imageSize: the image size; nil to use the size in the data set. An .npz file of flattened images needs a size.
  ///     A CSV file of images that are not square needs a size if its columns are not named `1x1`, `1x2` and so on. A
  ///     size in the data set must equal the given size.
  ///   - name: the name of the data set; by default the last part of the path, without an extension such as `.npz`.
  ///   - threadCount: the number of threads that decode PNG files.
  /// - Throws: ``ConversionError``.
  /// - Complexity: O(*n*) in the number of bytes. Besides the result, memory holds at most the compressed bytes of one
  ///   file.
  public static func read(
    _ path: String, as format: DatasetFormat? = nil, imageSize: ImageSize? = nil, name: String? = nil,
    threadCount: Int = WorkerPool.processorCount
  ) throws(ConversionError) -> ImageDataset {
    let format = if let format { format } else { try DatasetFormat(of: path) }
    let name = name ?? defaultName(of: path)
    let data =
      switch format {
      case .idx, .idxGzip: try rethrow(load(folder: path, name: name), as: ConversionError.idx)
      case .csv: try CSVFiles.read(path, name: name, imageSize: imageSize)
      case .npz: try KerasArchive.read(path, name: name, imageSize: imageSize)
      case .png: try ImageFolder.read(path, name: name, pool: WorkerPool(threadCount: threadCount))
      }
    if let imageSize, imageSize != data.imageSize {
      throw .imageSize(path: path, expected: imageSize, found: data.imageSize)
    }
    return data
  }

  /// Returns the default name of the data set at a path.
  private static func defaultName(of path: String) -> String {
    var name = FilePaths.name(of: path)
    // The paths `.` and `..` have no name, so resolve these paths first.
    if [".", ".."].contains(name) { name = FilePaths.name(of: FilePaths.resolved(path) ?? path) }
    for ending in [".npz", CSVFiles.fileExtension] where name.hasSuffix(ending) && name.count > ending.count {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  /// Writes a data set in any format. An error leaves no incomplete data set at the path.
  ///
  /// ```swift
  /// try data.write(to: "mnist.npz", as: .npz)
  /// try data.write(to: "mnist-test.csv", as: .csv, part: .test)
  /// ```
  ///
  /// An existing data set is replaced only if it has the same format and its files look as if this library wrote them.
  /// A folder with any other file is not changed.
  ///
  /// With the same version of zlib, equal data sets give equal bytes.
  ///
  /// - Parameters:
  ///   - path: the path of the new file or folder. The format `npz` writes a file. The format `csv` writes a file if a
  ///     part is chosen or the path ends in `.csv`. In all other cases, the result is a folder.
  ///   - format: the format of the new file or folder.
  ///   - part: the part to write; nil for all parts.
  ///   - threadCount: the number of threads that compress PNG files.
  /// - Throws: ``ConversionError``. After an error, the file or folder at the path is unchanged.
  /// - Precondition: there are at most 256 classes.
  /// - Complexity: O(*n*) in the number of pixels. Besides the data set, memory holds at most one IDX file and its
  ///   compressed bytes.
  public func write(
    to path: String, as format: DatasetFormat, part: DataPart? = nil, threadCount: Int = WorkerPool.processorCount
  ) throws(ConversionError) {
    let parts = (part.map { [$0] } ?? DataPart.published).filter { !indices(of: $0).isEmpty }
    guard !parts.isEmpty else { throw .missingPart(name: name, part) }
    switch format {
    case .idx, .idxGzip:
      try rethrow(
        IDXFolder.write(self, parts, to: path, isPacked: format == .idxGzip), as: ConversionError.file)
    case .csv: try CSVFiles.write(self, parts, to: path, isFile: part != nil || path.hasSuffix(CSVFiles.fileExtension))
    case .npz: try KerasArchive.write(self, to: path, part: part)
    case .png: try ImageFolder.write(self, to: path, part: part, pool: WorkerPool(threadCount: threadCount))
    }
  }
}

extension FileWriter {
  /// Creates a writer for a data set that is a single file.
  ///
  /// Creates missing parent folders. If the path is a symbolic link, the writer writes to the link's target.
  ///
  /// - Parameters:
  ///   - path: the final path of the file.
  ///   - isOwn: a closure that returns whether an existing regular file may be replaced. An empty file is always
  ///     replaced.
  /// - Throws: `FileError` if the file cannot be created, or if the path has an item that must not be replaced.
  convenience init(
    replacing path: String, ifOwn isOwn: (String) throws(FileError) -> Bool
  ) throws(FileError) {
    func refusal(_ path: String, _ reason: String) -> FileError {
      FileError(kind: .cannotCreate, path: path, action: "cannot write", reason: reason)
    }
    var path = path
    if FilePaths.isLink(path) {
      guard let target = FilePaths.resolved(path) else {
        throw refusal(path, "a symbolic link without a target is there")
      }
      path = target
    }
    if FilePaths.exists(path) {
      guard !FilePaths.isFolder(path) else { throw refusal(path, "a folder is there") }
      var isReplaceable = FilePaths.isRegularFile(path)
      if isReplaceable, try FileReader(path).byteCount > 0 { isReplaceable = try isOwn(path) }
      guard isReplaceable else {
        throw refusal(path, "the existing file was not written by this program; choose another name, or remove it")
      }
    }
    try FilePaths.makeFolder(FilePaths.parent(of: path))
    try self.init(for: path)
  }
}
