internal import DurableFiles
internal import Gzip

/// A published file on the disk, verified, and what it unpacks to.
struct PublishedContent {
  private let path: String
  private let unpacked: [UInt8]

  /// Reads and unpacks a file, whose checksum must be right.
  init(_ file: PublishedFile, at path: String) throws(DatasetError) {
    self.path = path
    let packed = try DatasetFile.bytes(path)
    var checksum = Checksum(for: file.checksum)
    checksum.update(with: packed)
    let found = checksum.found(for: file.checksum)
    guard found == file.checksum else {
      throw .checksum(path: path, expected: file.checksum, found: found, content: nil)
    }
    unpacked = try DatasetFile.unpack(packed, path: path)
  }

  /// The unpacked file that a part is made of.
  func unpacked(_ part: InstalledFile) throws(DatasetError) -> [UInt8] {
    unpacked
  }

  /// Checks a file's checksum.
  static func verify(_ file: PublishedFile, at path: String) throws(DatasetError) {
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
