internal import Datasets
internal import DurableFiles

extension DatasetFormat {
  /// The format of what is at a path.
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
    let names: [String]
    do throws(FileError) { names = try FilePaths.names(in: path).filter { !$0.hasPrefix(".") } } catch {
      throw .file(error)
    }
    if names.contains(where: { FilePaths.isFolder(FilePaths.join(path, $0)) }) { return .png }
    let expected = [DatasetFormat.idx, .csv, .png].map(\.expectation).joined(separator: ", or ")
    let listed = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    throw .unknownFormat(
      path: path, expected: expected, found: names.isEmpty ? "an empty folder" : "a folder with \(listed)")
  }

  private static func format(ofFile path: String) throws(ConversionError) -> DatasetFormat {
    let content: FileContent
    do throws(FileError) {
      content = FileContent(beginning: try FileReader(path).read(at: 0, count: FileContent.neededByteCount))
    } catch {
      throw .file(error)
    }
    switch content {
    case .zip: return .npz
    case .text: return .csv
    case .idx, .gzip:
      throw .unknownFormat(
        path: path, expected: "the folder in which an IDX data set's images and labels lie together",
        found: content.rawValue)
    default:
      let expected = [DatasetFormat.npz, .csv].map(\.expectation).joined(separator: ", or ")
      throw .unknownFormat(path: path, expected: expected, found: content.rawValue)
    }
  }
}
