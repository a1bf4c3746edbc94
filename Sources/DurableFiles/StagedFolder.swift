#if canImport(Darwin)
  private import Darwin
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
/// Only a process that is killed leaves it there, as `.NAME.PROCESS-NUMBER.partial`.
public final class StagedFolder {
  /// The final name.
  public let destination: String

  private let staging: String
  private let mayReplace: (String) -> Bool
  /// Where the folder that is replaced lies until the new one has its name.
  private var aside: String?
  private var isCommitted = false

  /// Begins a folder.
  ///
  /// - Parameters:
  ///   - destination: the final name. Folders above it are made.
  ///   - mayReplace: asked for each name in a folder that already lies there; the first refusal is an error.
  /// - Throws: ``FileError`` where the destination cannot be made, or holds what must not be replaced.
  public init(for destination: String, mayReplace: @escaping (String) -> Bool = { _ in false }) throws(FileError) {
    // A link is followed: what it leads to is replaced, and the link stays.
    var destination = FilePaths.withoutTrailingSlashes(destination)
    if FilePaths.isLink(destination) {
      guard let target = FilePaths.resolved(destination) else {
        throw FileError(
          kind: .cannotCreate, path: destination, action: "cannot make the folder", reason: "a link to nothing is there"
        )
      }
      destination = target
    }
    self.destination = destination
    self.mayReplace = mayReplace
    let parent = FilePaths.parent(of: destination)
    staging = FilePaths.join(parent, FilePaths.temporaryName(for: destination))
    try Self.check(destination, mayReplace)
    try FilePaths.makeFolder(parent)
    guard mkdir(staging, 0o777) == 0 else {
      throw FileError(path: destination, action: "cannot make the folder", creating: true)
    }
  }

  /// Writes one file of the folder.
  ///
  /// - Throws: ``FileError``, which names the file's final path.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    try DurableFile.writeNew(
      bytes, to: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
  }

  /// Gives the folder its final name, in the place of the one that was there.
  ///
  /// - Parameter avoidingCollisions: where something has come to lie at the destination, take the first of the names
  ///   with `-2`, `-3`, ... that is free, instead of failing.
  /// - Returns: the folder's path.
  /// - Throws: ``FileError``; what was at the destination is then there still.
  @discardableResult
  public func commit(avoidingCollisions: Bool = false) throws(FileError) -> String {
    try DurableFile.syncFolder(staging)
    var path = destination
    var number = 2
    while rename(staging, path) != 0 {
      let isTaken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
      guard isTaken else { throw FileError(path: path, action: "cannot make the folder", creating: true) }
      if avoidingCollisions {
        path = "\(destination)-\(number)"
        number += 1
      } else {
        try moveAside()
      }
    }
    isCommitted = true
    if let aside { Self.remove(aside) }
    try DurableFile.syncFolder(FilePaths.parent(of: path))
    return path
  }

  /// Only an empty folder can be renamed over; a full one is moved aside first.
  private func moveAside() throws(FileError) {
    try Self.check(destination, mayReplace)
    let aside = FilePaths.join(FilePaths.parent(of: destination), FilePaths.temporaryName(for: destination))
    guard self.aside == nil, rename(destination, aside) == 0 else {
      throw FileError(path: destination, action: "cannot replace the folder", creating: true)
    }
    self.aside = aside
  }

  private static func check(_ path: String, _ mayReplace: (String) -> Bool) throws(FileError) {
    if FilePaths.isFolder(path) {
      if let name = try FilePaths.names(in: path).first(where: { !mayReplace($0) }) {
        throw FileError(
          kind: .cannotCreate, path: path, action: "cannot write",
          reason: "the folder holds \(name), which this program did not write; choose another folder")
      }
    } else if FilePaths.exists(path) {
      throw FileError(kind: .cannotCreate, path: path, action: "cannot make the folder", reason: "a file is there")
    }
  }

  deinit {
    if isCommitted { return }
    if let aside { _ = rename(aside, destination) }
    Self.remove(staging)
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? FilePaths.names(in: path)) ?? [] { remove(FilePaths.join(path, name)) }
    rmdir(path)
  }
}
