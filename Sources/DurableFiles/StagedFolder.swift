private import CFileSystem

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A folder that appears under its final name whole, or not at all.
///
/// ```swift
/// let folder = try StagedFolder(for: "runs/first")
/// try folder.write(report.utf8, as: "report.txt")
/// try folder.commit()
/// ```
///
/// Until it is committed, it lies beside its destination under a hidden temporary name; left uncommitted, it is removed.
/// What a killed process leaves there is removed by the next one that writes the same destination.
public final class StagedFolder {
  /// The final name.
  public let destination: String

  private let staging: String
  private let foreignEntry: (String) -> String?
  private var subfolders: [StagedSubfolder] = []
  private var isCommitted = false

  /// Begins a folder.
  ///
  /// - Parameters:
  ///   - destination: the final name. Folders above it are made; a link is followed, and stays.
  ///   - foreignEntry: asked about a folder that is to be replaced: the name of something in it that is not the caller's
  ///     to replace, nil where there is none. By default only an empty folder is replaced.
  /// - Throws: ``FileError`` where the destination cannot be made, or holds what must not be replaced.
  public init(
    for destination: String,
    foreignEntry: @escaping (String) -> String? = { (try? FilePaths.names(in: $0).first) ?? "" }
  ) throws(FileError) {
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
    self.foreignEntry = foreignEntry
    staging = TemporaryName(for: destination).path
    try Self.check(destination, foreignEntry)
    try FilePaths.makeFolder(FilePaths.parent(of: destination))
    TemporaryName.removeLeftovers(of: destination)
    guard mkdir(staging, 0o777) == 0 else {
      throw FileError(path: destination, action: "cannot make the folder", creating: true)
    }
  }

  /// Writes one file of the folder.
  ///
  /// - Throws: ``FileError``, which names the file's final path.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    let file = try writer(for: name)
    try file.write(bytes)
    try file.commit()
  }

  /// Begins one file of the folder, to be written piece by piece and committed before the folder is.
  ///
  /// - Throws: ``FileError``, which names the file's final path.
  public func writer(for name: String) throws(FileError) -> FileWriter {
    try FileWriter(
      stagedFile: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
  }

  /// Makes a folder in the folder, for many small files.
  ///
  /// - Parameter name: a path in this folder, such as `train/3`; folders above it are made too.
  /// - Throws: ``FileError``, which names the final path.
  public func makeSubfolder(_ name: String) throws(FileError) -> StagedSubfolder {
    let subfolder = try StagedSubfolder(
      staging: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
    subfolders.append(subfolder)
    return subfolder
  }

  /// The folder itself, for many small files that several threads write, and that reach the disk together.
  ///
  /// - Throws: ``FileError``, which names the final path.
  public func folderForManyFiles() throws(FileError) -> StagedSubfolder {
    let folder = try StagedSubfolder(staging: staging, reportedAs: destination)
    subfolders.append(folder)
    return folder
  }

  /// Gives the folder its final name, in the place of the one that was there.
  ///
  /// - Parameter avoidingCollisions: where something has come to lie at the destination, take the first of the names
  ///   with `-2`, `-3`, ... that is free, instead of replacing it.
  /// - Returns: the folder's path.
  /// - Throws: ``FileError``; what was at the destination is then there still.
  @discardableResult
  public func commit(avoidingCollisions: Bool = false) throws(FileError) -> String {
    try StagedSubfolder.sync(subfolders)
    try DurableFile.syncFolder(staging)
    var path = destination
    var number = 2
    while rename(staging, path) != 0 {
      let isTaken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
      guard isTaken else { throw FileError(path: path, action: "cannot make the folder", creating: true) }
      if avoidingCollisions {
        path = "\(destination)-\(number)"
        number += 1
        continue
      }
      try Self.check(path, foreignEntry)
      if try exchange(path) { break }
    }
    isCommitted = true
    // After an exchange the old folder is what lies under the temporary name.
    FilePaths.remove(staging)
    try DurableFile.syncFolder(FilePaths.parent(of: path))
    return path
  }

  /// Lets the new folder and the one that was there change places, at once: at no moment is there none. False where the
  /// old one has just gone, so that a plain rename will do.
  private func exchange(_ path: String) throws(FileError) -> Bool {
    if mnist_exchange_paths(staging, path) == 0 { return true }
    if errno == ENOENT { return false }
    guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else {
      throw FileError(path: path, action: "cannot replace the folder", creating: true)
    }
    // A file system that cannot exchange: the old one goes aside, and back if the new one cannot take its place.
    let aside = TemporaryName(for: path, isUnfinished: false).path
    guard rename(path, aside) == 0 else {
      if errno == ENOENT { return false }
      throw FileError(path: path, action: "cannot replace the folder", creating: true)
    }
    guard rename(staging, path) == 0 else {
      let error = FileError(path: path, action: "cannot make the folder", creating: true)
      _ = rename(aside, path)
      throw error
    }
    FilePaths.remove(aside)
    return true
  }

  private static func check(_ path: String, _ foreignEntry: (String) -> String?) throws(FileError) {
    if FilePaths.isFolder(path) {
      if let name = foreignEntry(path) {
        let reason = name.isEmpty ? "the folder cannot be read" : "the folder holds \(name)"
        throw FileError(
          kind: .cannotCreate, path: path, action: "cannot write",
          reason: reason + ", which this program did not write; choose another folder")
      }
    } else if FilePaths.exists(path) {
      throw FileError(kind: .cannotCreate, path: path, action: "cannot make the folder", reason: "a file is there")
    }
  }

  deinit {
    if !isCommitted { FilePaths.remove(staging) }
  }
}
