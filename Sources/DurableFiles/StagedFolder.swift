#if canImport(Darwin)
  private import Darwin
#elseif canImport(Musl)
  private import Musl
#else
  private import Glibc
#endif

/// A folder that appears under its final name whole, or not at all.
///
/// ```swift
/// let folder = try StagedFolder(for: "runs/first") { $0 == "report.txt" }
/// try folder.write(report.utf8, as: "report.txt")
/// try folder.commit()
/// ```
///
/// Until it is committed, it lies beside its destination under a hidden temporary name; left uncommitted, it is removed.
public final class StagedFolder {
  /// The final name.
  public let destination: String

  private let staging: String
  private var isCommitted = false

  /// Begins a folder.
  ///
  /// - Parameters:
  ///   - destination: the final name. Folders above it are made.
  ///   - mayReplace: asked for each name in a folder that already lies there; the first refusal is an error.
  /// - Throws: ``FileError`` where the destination cannot be made, or holds what must not be replaced.
  public init(for destination: String, mayReplace: (String) -> Bool = { _ in false }) throws(FileError) {
    self.destination = destination
    let parent = FilePaths.parent(of: destination)
    staging = FilePaths.join(parent, FilePaths.temporaryName(for: destination))
    if FilePaths.isFolder(destination) {
      if let name = FilePaths.names(in: destination).first(where: { !mayReplace($0) }) {
        throw FileError(
          kind: .cannotCreate, path: destination, action: "cannot write",
          reason: "the folder holds \(name), which this program did not write; choose another folder")
      }
    } else if FilePaths.exists(destination) {
      throw FileError(
        kind: .cannotCreate, path: destination, action: "cannot make the folder", reason: "a file is there")
    }
    try FilePaths.makeFolder(parent)
    guard mkdir(staging, 0o777) == 0 else {
      throw FileError(path: destination, action: "cannot make the folder", creating: true)
    }
  }

  /// Writes one file of the folder. An error names its final path.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    try DurableFile.writeNew(
      bytes, to: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
  }

  /// Gives the folder its final name, in the place of the one that was there.
  public func commit() throws(FileError) {
    try DurableFile.syncFolder(staging)
    let parent = FilePaths.parent(of: destination)
    if rename(staging, destination) != 0 {
      // Only an empty folder can be renamed over; a full one is moved aside first and put back if that fails.
      let aside = FilePaths.join(parent, FilePaths.temporaryName(for: destination))
      guard errno == ENOTEMPTY || errno == EEXIST, rename(destination, aside) == 0 else {
        throw FileError(path: destination, action: "cannot make the folder", creating: true)
      }
      guard rename(staging, destination) == 0 else {
        let error = FileError(path: destination, action: "cannot make the folder", creating: true)
        _ = rename(aside, destination)
        throw error
      }
      Self.remove(aside)
    }
    isCommitted = true
    try DurableFile.syncFolder(parent)
  }

  deinit {
    if !isCommitted { Self.remove(staging) }
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in FilePaths.names(in: path) { remove(FilePaths.join(path, name)) }
    rmdir(path)
  }
}
