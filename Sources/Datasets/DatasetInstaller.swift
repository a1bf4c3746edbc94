internal import DurableFiles
internal import Gzip

/// Verifies the published files of a data set and unpacks them into the data folder.
///
/// ```swift
/// let installer = DatasetInstaller(dataFolder: "data")
/// try installer.install(DatasetCatalogue.full, from: "downloads")
/// ```
public struct DatasetInstaller: Sendable {
  /// The folder that holds a folder for each data set.
  public let dataFolder: String

  /// What is told of each file as it is dealt with.
  public enum Event: Equatable, Sendable {
    /// The unpacked file is there already, and is the right one.
    case present(path: String)
    /// The published file was found and has the right checksum.
    case verified(path: String)
    /// The unpacked file was written.
    case written(path: String, byteCount: Int)
  }

  /// An installer for a data folder, which need not exist yet.
  public init(dataFolder: String) {
    self.dataFolder = dataFolder
  }

  /// The folder of a data set.
  public func folder(of description: DatasetDescription) -> String {
    FilePaths.join(dataFolder, description.name)
  }

  /// Whether all unpacked files are there and are the right ones.
  ///
  /// - Complexity: O(bytes): every file is read and its checksum taken.
  public func isComplete(_ description: DatasetDescription) -> Bool {
    description.files.allSatisfy { isInstalled($0, FilePaths.join(folder(of: description), $0.name)) }
  }

  private func isInstalled(_ file: DatasetDescription.File, _ path: String) -> Bool {
    guard let bytes = try? DurableFile.read(path) else { return false }
    return Checksum.sha256(of: bytes) == file.unpackedSHA256
  }

  /// Takes a data set's files from a local folder.
  ///
  /// All files are verified and unpacked before the first is written; each is then written whole or not at all. Files
  /// that are there already and right are left alone.
  ///
  /// - Parameters:
  ///   - description: the data set.
  ///   - source: the folder with the published `.gz` files.
  ///   - report: called as files are dealt with.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(bytes); holds the unpacked files in memory.
  public func install(
    _ description: DatasetDescription, from source: String, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) {
    let folder = folder(of: description)
    var unpacked: [(path: String, bytes: [UInt8])] = []
    for file in description.files {
      let path = FilePaths.join(folder, file.name)
      if isInstalled(file, path) {
        report(.present(path: path))
        continue
      }
      let packedPath = FilePaths.join(source, file.packedName)
      unpacked.append((path, try Self.unpack(file, at: packedPath, source: source)))
      report(.verified(path: packedPath))
    }
    do throws(FileError) {
      if !unpacked.isEmpty { try FilePaths.makeFolder(folder) }
      for (path, bytes) in unpacked {
        try DurableFile.write(bytes, to: path)
        report(.written(path: path, byteCount: bytes.count))
      }
    } catch {
      throw .file(error)
    }
  }

  /// The content of a published file, whose checksum is right.
  private static func unpack(
    _ file: DatasetDescription.File, at path: String, source: String
  ) throws(DatasetError) -> [UInt8] {
    guard FilePaths.exists(path) else { throw .missing(folder: source, file: file.packedName) }
    let packed = try DatasetFile.bytes(path)
    let checksum = Checksum.sha256(of: packed)
    guard checksum == file.packedSHA256 else {
      throw .checksum(
        path: path, expected: file.packedSHA256, found: checksum, content: likelyContent(packed, instead: file))
    }
    return try DatasetFile.unpack(packed, path: path)
  }

  /// What a file with the wrong checksum seems to be.
  private static func likelyContent(_ bytes: [UInt8], instead file: DatasetDescription.File) -> String? {
    if bytes.isEmpty { return "an empty file" }
    let beginning = bytes.prefix(512).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if beginning.first == UInt8(ascii: "<") { return "an HTML or XML page" }
    if !Gzip.isGzip(bytes) { return "no gzip file" }
    if bytes.count < file.packedByteCount { return "a gzip file of \(bytes.count) of \(file.packedByteCount) bytes" }
    return nil
  }
}
