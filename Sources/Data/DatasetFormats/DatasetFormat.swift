public import Datasets
internal import DurableFiles
public import Workers

/// A form in which a data set of labelled images is kept in files.
///
/// ```swift
/// let format = try DatasetFormat(of: "mnist.npz")  // .npz
/// ```
///
/// The raw values are the names that command lines know.
public enum DatasetFormat: String, CaseIterable, Sendable {
  /// A folder of raw IDX files under MNIST's names: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-...`
  /// where there is a test part.
  case idx
  /// The same files packed by gzip, each with `.gz` behind its name, as MNIST is published.
  case idxGzip = "idx-gz"
  /// Lines of a label and pixels: a folder with `train.csv` and, where there is a test part, `test.csv`, or one file.
  case csv
  /// One file with the NumPy arrays `x_train`, `y_train`, `x_test` and `y_test`, as Keras has it.
  case npz
  /// A folder with `train` and, where there is a test part, `test`, in each a folder of PNG files for every class.
  case png

  /// Recognises the format of what is at a path.
  ///
  /// A file is judged by its first bytes, whatever its name. A folder is judged by the names that the formats need: IDX
  /// files first, then CSV files, then folders of pictures.
  ///
  /// - Throws: ``ConversionError``, which says what is there instead.
  /// - Complexity: O(*n* log *n*) in the number of names in a folder, O(1) for a file.
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
    case .idx, .gzip:
      throw .unexpected(
        path: path, expected: "the folder in which an IDX data set's images and labels lie together",
        found: content.rawValue)
    default:
      throw .unexpected(path: path, expected: expectation(of: [.npz, .csv]), found: content.rawValue)
    }
  }

  /// Returns what data sets in some forms look like from outside, for sentences.
  private static func expectation(of formats: [DatasetFormat]) -> String {
    formats.map { format in
      switch format {
      case .idx, .idxGzip: "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not"
      case .csv: "a CSV file, or a folder with train.csv"
      case .npz: "an .npz file"
      case .png: "a folder of PNG files in a folder for each class"
      }
    }.joined(separator: ", or ")
  }
}

/// What the first bytes of a file tell it to be. The raw values are for sentences.
private enum FileContent: String {
  case zip = "a zip archive"
  case gzip = "a gzip file"
  case idx = "one IDX file"
  case npy = "one NumPy array (.npy)"
  case png = "one PNG picture"
  case html = "an HTML page"
  case text = "text"
  case empty = "an empty file"
  case unknown = "a file of an unknown kind"

  /// How many bytes it takes to tell.
  static let neededByteCount = 512

  private static let signatures: [(bytes: [UInt8], content: FileContent)] = [
    // The second one is that of an archive without entries.
    (Array("PK\u{3}\u{4}".utf8), .zip), (Array("PK\u{5}\u{6}".utf8), .zip), ([0x1F, 0x8B], .gzip), ([0, 0], .idx),
    ([0x93] + "NUMPY".utf8, .npy), ([0x89] + "PNG".utf8, .png),
  ]

  /// - Parameter bytes: the first ``neededByteCount`` bytes, or all where there are fewer.
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
  /// Pixels come back as `[count, rowCount, columnCount]`, those of the training part first. A CSV file alone is a training
  /// part. Classes are numbered up to the largest label, unless the folders of a PNG data set have other names.
  ///
  /// - Parameters:
  ///   - path: a file or a folder, as ``DatasetFormat`` describes them.
  ///   - format: its format; by default what ``DatasetFormat/init(of:)`` finds.
  ///   - imageSize: the images' size, which CSV files without names of the form `1x1` tell only where they are square; in
  ///     other formats it is compared.
  ///   - name: the data set's name; by default the path's last part without an ending such as `.npz`.
  ///   - threadCount: how many threads decode PNG files.
  /// - Throws: ``ConversionError``.
  /// - Complexity: O(bytes), and a file's packed bytes beside the result at most.
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

  /// The name of a data set that lies at a path, for files that are made of it.
  private static func defaultName(of path: String) -> String {
    var name = FilePaths.name(of: path)
    // Such a path's last part names nothing.
    if [".", ".."].contains(name) { name = FilePaths.name(of: FilePaths.resolved(path) ?? path) }
    for ending in [".npz", CSVFiles.fileExtension] where name.hasSuffix(ending) && name.count > ending.count {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  /// Writes a data set in any format; it appears under its name whole or not at all.
  ///
  /// ```swift
  /// try data.write(to: "mnist.npz", as: .npz)
  /// try data.write(to: "mnist-test.csv", as: .csv, part: .test)
  /// ```
  ///
  /// What is at the path already is replaced only where it is of the same format and looks as if it had been written
  /// here; a folder that holds anything else stays as it is.
  ///
  /// Equal data gives equal bytes, with the same version of zlib.
  ///
  /// - Parameters:
  ///   - path: the file of an .npz data set, and of one part as CSV; a folder otherwise. A data set that has but one part
  ///     is one CSV file, too, where the path ends in `.csv`.
  ///   - format: the format.
  ///   - part: the part that is written; nil for all of them, each as a part.
  ///   - threadCount: how many threads make PNG files.
  /// - Throws: ``ConversionError``; the path then holds what it held before.
  /// - Precondition: there are at most 256 classes.
  /// - Complexity: O(pixels); besides the data set, the IDX files before and after packing at most.
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
  /// Begins a data set's one file. Folders above it are made; a link is followed, and stays.
  ///
  /// - Parameters:
  ///   - path: where it will be.
  ///   - isOwn: whether an ordinary file that is there may be replaced; an empty one may always.
  /// - Throws: `FileError` where the file cannot be made, or something else is there.
  convenience init(
    replacing path: String, ifOwn isOwn: (String) throws(FileError) -> Bool
  ) throws(FileError) {
    func refusal(_ path: String, _ reason: String) -> FileError {
      FileError(kind: .cannotCreate, path: path, action: "cannot write", reason: reason)
    }
    var path = path
    if FilePaths.isLink(path) {
      guard let target = FilePaths.resolved(path) else { throw refusal(path, "a link to nothing is there") }
      path = target
    }
    if FilePaths.exists(path) {
      guard !FilePaths.isFolder(path) else { throw refusal(path, "a folder is there") }
      var isReplaceable = FilePaths.isRegularFile(path)
      if isReplaceable, try FileReader(path).byteCount > 0 { isReplaceable = try isOwn(path) }
      guard isReplaceable else {
        throw refusal(path, "what is there was not written by this program; choose another name, or remove it")
      }
    }
    try FilePaths.makeFolder(FilePaths.parent(of: path))
    try self.init(for: path)
  }
}
