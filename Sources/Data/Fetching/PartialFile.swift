internal import Datasets
internal import DurableFiles
internal import Foundation

/// A published file as far as it has come: `NAME.partial`, and beside it `NAME.partial.origin`, which says where its
/// bytes came from, so that the next attempt, or the next run, can go on with the very same file.
final class PartialFile {
  /// Where the bytes came from.
  struct Origin: Equatable {
    let url: String
    /// What tells whether it is still the same there.
    let validator: String
  }

  private let file: ResumableFile
  private let originPath: String
  private let published: PublishedFile
  /// Where the bytes so far came from; nil where they cannot be gone on with.
  private(set) var origin: Origin?
  private(set) var checksum: Checksum
  /// Whether all bytes came in one attempt. Where not, a wrong checksum may be this machine's doing.
  private(set) var isOfOnePiece = false

  /// Opens what an earlier attempt left, whose bytes are read for the checksum, or begins a file.
  init(_ published: PublishedFile, in folder: String) throws(FileError) {
    self.published = published
    let path = FilePaths.join(folder, published.name + ".partial")
    originPath = path + ".origin"
    file = try ResumableFile(path)
    origin = Self.readOrigin(originPath)
    checksum = Checksum(for: published.checksum)
    if file.byteCount > published.maximumByteCount {
      try restart(from: nil)
    } else if file.byteCount > 0 {
      checksum = try Checksum.ofFile(path, for: published.checksum)
    }
  }

  var byteCount: Int { file.byteCount }

  /// Whether the size and the checksum are those of the published file.
  var isRight: Bool {
    (published.byteCount ?? byteCount) == byteCount && checksum.found(for: published.checksum) == published.checksum
  }

  func append(_ data: Data) throws(FileError) {
    try Array(data).withUnsafeBufferPointer { (bytes) throws(FileError) in
      try file.append(UnsafeRawBufferPointer(bytes))
      checksum.update(with: UnsafeRawBufferPointer(bytes))
    }
  }

  /// Goes on with what is there.
  func resume() { isOfOnePiece = false }

  /// Begins anew, with bytes of an origin.
  func restart(from origin: Origin?) throws(FileError) {
    try file.empty()
    checksum = Checksum(for: published.checksum)
    isOfOnePiece = true
    self.origin = origin
    // Emptied first: a record must never stand beside bytes of another origin.
    if let origin {
      try DurableFile.write("\(origin.url)\n\(origin.validator)\n".utf8, to: originPath)
    } else {
      FilePaths.remove(originPath)
    }
  }

  /// What the file seems to be; nil where it cannot be told.
  func likelyContent() throws(FileError) -> String? {
    published.likelyContent(
      beginning: try FileReader(file.path).read(at: 0, count: 512), byteCount: byteCount, sha256: checksum.sha256)
  }

  /// Whether the beginning is that of a file of the published one's format, as far as it has come.
  func beginsRight() throws(FileError) -> Bool {
    let signature = published.signature
    let beginning = try FileReader(file.path).read(at: 0, count: signature.count)
    return beginning.elementsEqual(signature.prefix(beginning.count))
  }

  func discard() {
    FilePaths.remove(file.path)
    FilePaths.remove(originPath)
  }

  /// Gives the file the published one's name.
  ///
  /// - Returns: its path.
  func commit() throws(FileError) -> String {
    let path = FilePaths.join(FilePaths.parent(of: file.path), published.name)
    try file.commit(to: path)
    FilePaths.remove(originPath)
    return path
  }

  /// A record that cannot be read, or is none, is as good as none.
  private static func readOrigin(_ path: String) -> Origin? {
    guard let bytes = try? DurableFile.read(path, maximumByteCount: 1 << 14) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 3, lines[2].isEmpty, !lines[0].isEmpty, !lines[1].isEmpty else { return nil }
    return Origin(url: String(lines[0]), validator: String(lines[1]))
  }
}
