internal import Datasets
internal import DurableFiles
internal import Foundation

/// A partial download of a published file. Its bytes are in `NAME.partial`. The URL and the version of the bytes are in
/// `NAME.partial.origin`.
///
/// The record of the origin lets the next attempt, or the next run, resume exactly the same file.
final class PartialFile {
  /// The URL and the version of the bytes.
  struct Origin: Equatable {
    let url: String
    /// The version of the file at the URL: an entity tag or a date.
    let validator: String
  }

  private let file: ResumableFile
  private let originPath: String
  private let published: PublishedFile
  /// The URL and version of the bytes; nil if the download cannot be resumed.
  private(set) var origin: Origin?
  private(set) var checksum: Checksum
  /// Whether all bytes are from one response. If the bytes are from several responses, a wrong checksum does not prove
  /// that the mirror's file is wrong.
  private(set) var isFromOneResponse = false

  /// Opens an earlier partial download and computes its checksum, or creates an empty partial download.
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

  /// Whether the download has the size and the checksum of the published file.
  var isComplete: Bool {
    (published.byteCount ?? byteCount) == byteCount && checksum.found(for: published.checksum) == published.checksum
  }

  func append(_ data: Data) throws(FileError) {
    try Array(data).withUnsafeBufferPointer { (bytes) throws(FileError) in
      try file.append(UnsafeRawBufferPointer(bytes))
      checksum.update(with: UnsafeRawBufferPointer(bytes))
    }
  }

  /// Resumes the download. The bytes of the next response are appended to the existing bytes.
  func resume() { isFromOneResponse = false }

  /// Deletes all bytes and records the origin of the next bytes. The origin is nil if a later attempt cannot resume the
  /// download.
  func restart(from origin: Origin?) throws(FileError) {
    try file.empty()
    checksum = Checksum(for: published.checksum)
    isFromOneResponse = true
    self.origin = origin
    // Write the record only after emptying the file. The record must never describe bytes from another origin.
    if let origin {
      try DurableFile.write("\(origin.url)\n\(origin.validator)\n".utf8, to: originPath)
    } else {
      FilePaths.remove(originPath)
    }
  }

  /// Returns a guess about the content of the file; nil if there is no guess.
  func likelyContent() throws(FileError) -> String? {
    published.likelyContent(
      beginning: try FileReader(file.path).read(at: 0, count: 512), byteCount: byteCount, sha256: checksum.sha256)
  }

  /// Returns whether the received bytes begin with the signature of the published file.
  func hasValidBeginning() throws(FileError) -> Bool {
    let signature = published.signature
    let beginning = try FileReader(file.path).read(at: 0, count: signature.count)
    return beginning.elementsEqual(signature.prefix(beginning.count))
  }

  func discard() {
    FilePaths.remove(file.path)
    FilePaths.remove(originPath)
  }

  /// Gives the complete download the name of the published file.
  ///
  /// - Returns: the path of the file.
  func commit() throws(FileError) -> String {
    let path = FilePaths.join(FilePaths.parent(of: file.path), published.name)
    try file.commit(to: path)
    FilePaths.remove(originPath)
    return path
  }

  /// Reads the record of the origin; nil if the record is missing or invalid.
  private static func readOrigin(_ path: String) -> Origin? {
    guard let bytes = try? DurableFile.read(path, maximumByteCount: 1 << 14) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 3, lines[2].isEmpty, !lines[0].isEmpty, !lines[1].isEmpty else { return nil }
    return Origin(url: String(lines[0]), validator: String(lines[1]))
  }
}
