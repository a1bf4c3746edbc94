internal import Archives
internal import DurableFiles
internal import Memory

/// A published file on the disk, verified, and what it unpacks to.
enum PublishedContent {
  /// A gzip file's content.
  case file([UInt8], path: String)
  /// An archive of gzip files, which is left on the disk.
  case archive(ZipArchive, path: String)

  /// The most bytes that a gzip file in an archive may have: twice what the largest of the EMNIST family has.
  private static let maximumEntryByteCount = 1 << 29

  /// The largest directory of an archive that is read: the published ones have less than 2 KB.
  private static let maximumDirectoryByteCount = 1 << 16

  /// Opens a file, whose checksum must be right.
  init(_ file: PublishedFile, at path: String) throws(DatasetError) {
    if file.parts.contains(where: { $0.entry != nil }) {
      // Verified before, all of it; its parts have checksums of their own.
      self = .archive(try Self.archive(path), path: path)
      return
    }
    let packed = try DatasetFile.bytes(path, maximumByteCount: file.maximumByteCount)
    var checksum = Checksum(for: file.checksum)
    checksum.update(with: packed)
    let found = checksum.found(for: file.checksum)
    guard found == file.checksum else {
      throw .checksum(path: path, expected: file.checksum, found: found, content: nil)
    }
    self = .file(try DatasetFile.unpack(packed, path: path), path: path)
  }

  /// The unpacked bytes that a part is made of.
  func unpacked(_ part: InstalledFile) throws(DatasetError) -> [UInt8] {
    switch self {
    case .file(let bytes, _):
      return bytes
    case .archive(let archive, let path):
      let name = part.entry ?? part.name
      guard let entry = archive[name] else { throw .missingEntry(path: path, entry: name) }
      let packed: [UInt8]
      do {
        packed = try archive.contents(of: entry, maximumByteCount: Self.maximumEntryByteCount)
      } catch {
        throw Self.error(error, path: path)
      }
      return try DatasetFile.unpack(packed, path: "\(path), \(name)")
    }
  }

  private static func archive(_ path: String) throws(DatasetError) -> ZipArchive {
    let reader: FileReader
    do throws(FileError) { reader = try FileReader(path) } catch { throw .file(error) }
    do {
      return try ZipArchive(
        byteCount: reader.byteCount, maximumDirectoryByteCount: maximumDirectoryByteCount
      ) { offset, count in
        try reader.read(at: offset, count: count)
      }
    } catch {
      throw Self.error(error, path: path)
    }
  }

  /// What reading an archive throws is its own errors or those of the file under it.
  private static func error(_ error: any Error, path: String) -> DatasetError {
    switch error {
    case let error as ZipError: .zip(path: path, error)
    case let error as FileError: .file(error)
    case let error as MemoryError: .file(FileError(error, for: path))
    case let error: .file(FileError(kind: .failed, path: path, action: "cannot read", reason: "\(error)"))
    }
  }

  /// Checks a file's checksum.
  static func verify(_ file: PublishedFile, at path: String) throws(DatasetError) {
    let byteCount: Int
    do throws(FileError) { byteCount = try FileReader(path).byteCount } catch { throw .file(error) }
    guard byteCount <= file.maximumByteCount || DatasetCatalogue.origin(byteCount: byteCount) != nil else {
      // Not read at all, as it may be huge; but for files that have another catalogued file's size.
      let expected = file.byteCount.map { "\($0) bytes as published" } ?? "at most \(file.maximumByteCount) bytes"
      throw .wrongArray(path: path, expected: expected, found: "\(byteCount) bytes")
    }
    let checksum: Checksum
    let content: String?
    do throws(FileError) {
      checksum = try Checksum.ofFile(path, for: file.checksum)
      guard checksum.found(for: file.checksum) != file.checksum else { return }
      let reader = try FileReader(path)
      content = LikelyContent.name(
        beginning: try reader.read(at: 0, count: 512), byteCount: reader.byteCount, sha256: checksum.sha256,
        insteadOf: file)
    } catch {
      throw .file(error)
    }
    throw .checksum(
      path: path, expected: file.checksum, found: checksum.found(for: file.checksum), content: content)
  }
}
