private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A folder that gets its final name only when it is complete.
///
/// ```swift
/// let folder = try StagedFolder(for: "runs/first")
/// try folder.write(report.utf8, as: "report.txt")
/// try folder.commit()
/// ```
///
/// Before ``commit(avoidingCollisions:)``, the folder has a hidden temporary name beside its destination. If this value
/// is destroyed without a commit, the folder is removed. If the process is killed, the temporary folder remains. The
/// next process that writes into the same parent folder removes the temporary folder.
public final class StagedFolder {
  /// The final path of the folder.
  public let destination: String

  private let temporary: TemporaryName
  private var staging: String { temporary.path }
  /// The lock on the temporary folder. It shows other processes that the folder is in use.
  private let lock: FolderLock
  private let unownedItem: (String) throws(FileError) -> String?
  private var subfolders: [StagedSubfolder] = []
  private var isCommitted = false

  /// Creates a new folder.
  ///
  /// - Parameters:
  ///   - destination: The final path. Missing folders above it are created. If the path is a link, the target of the
  ///     link is replaced, and the link stays.
  ///   - unownedItem: Returns the name of an item that the caller must not replace, or nil if there is no such item.
  ///     Its argument is the path of the folder to be replaced. By default only an empty folder is replaced.
  /// - Throws: ``FileError`` if the destination cannot be created, or if it contains an item that must not be replaced.
  public init(
    for destination: String,
    unownedItem: @escaping (String) throws(FileError) -> String? = { (folder) throws(FileError) in
      try FilePaths.names(in: folder).first
    }
  ) throws(FileError) {
    var destination = FilePaths.withoutTrailingSlashes(destination)
    if FilePaths.isLink(destination) {
      guard let target = FilePaths.resolved(destination) else {
        throw FileError(
          kind: .cannotCreate, path: destination, action: "cannot make the folder",
          reason: "the path is a link to a missing target"
        )
      }
      destination = target
    }
    self.destination = destination
    self.unownedItem = unownedItem
    let temporary = TemporaryName(for: destination)
    self.temporary = temporary
    try Self.check(destination, unownedItem)
    let above = FilePaths.parent(of: destination)
    try FilePaths.makeFolder(above)
    TemporaryName.removeLeftovers(in: above)
    do throws(FileError) {
      lock = try UnfinishedOutputs.begin(temporary) { () throws(FileError) in
        while true {
          // The lock is nil if another process has taken the empty folder for the leftover of a killed process and has
          // locked it. The other process will then remove the folder.
          if let lock = try FolderLock(temporary.path) { return lock }
          usleep(1000)
        }
      }
    } catch {
      throw FileError(kind: error.kind, path: destination, action: error.action, reason: error.reason)
    }
  }

  /// Writes a file in the folder.
  ///
  /// - Throws: ``FileError`` with the final path of the file.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    let file = try writer(for: name)
    try file.write(bytes)
    try file.commit()
  }

  /// Creates a file in the folder that is written in pieces. Commit the file before the folder.
  ///
  /// - Throws: ``FileError`` with the final path of the file.
  public func writer(for name: String) throws(FileError) -> FileWriter {
    try FileWriter(at: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
  }

  /// Creates a folder for many small files inside this folder.
  ///
  /// - Parameter name: A relative path such as `train/3`. Missing folders above it are created too.
  /// - Throws: ``FileError`` with the final path of the new folder.
  public func makeSubfolder(_ name: String) throws(FileError) -> StagedSubfolder {
    let subfolder = try StagedSubfolder(
      staging: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
    subfolders.append(subfolder)
    return subfolder
  }

  /// Returns this folder as a ``StagedSubfolder``, for many small files.
  ///
  /// Several threads may write files into it. Committing the folder syncs all these files together.
  ///
  /// - Throws: ``FileError`` with the final path of the folder.
  public func folderForManyFiles() throws(FileError) -> StagedSubfolder {
    let folder = try StagedSubfolder(staging: staging, reportedAs: destination)
    subfolders.append(folder)
    return folder
  }

  /// Renames the folder to its final path. An existing folder at this path is replaced.
  ///
  /// - Parameter avoidingCollisions: Whether an existing item at the destination is kept. If so, the name of the new
  ///   folder ends in `-2`, `-3` or the next free number.
  /// - Returns: The final path of the folder.
  /// - Throws: ``FileError``. After an error, the destination usually has its old content. If the replaced folder
  ///   cannot be removed, the new folder is already complete at the destination.
  @discardableResult
  public func commit(avoidingCollisions: Bool = false) throws(FileError) -> String {
    precondition(!isCommitted, "a folder can be committed only once")
    try StagedSubfolder.sync(subfolders)
    try DurableFile.syncFolder(staging)
    var path = destination
    var number = 2
    while case let errorNumber = UnfinishedOutputs.commit(rename: { renameStaging(to: path) }), errorNumber != 0 {
      let isTaken = errorNumber == ENOTEMPTY || errorNumber == EEXIST || errorNumber == ENOTDIR
      try FileError.check(isTaken ? 0 : errorNumber, path, action: "cannot make the folder")
      if avoidingCollisions {
        path = "\(destination)-\(number)"
        number += 1
        continue
      }
      try Self.check(path, unownedItem)
      if try exchange(path) { break }
    }
    isCommitted = true
    removeStaging()
    guard !FilePaths.exists(staging) else {
      throw FileError(
        kind: .failed, path: staging, action: "cannot remove the replaced folder",
        reason: "an item in it is protected; the new folder is complete at \(path)")
    }
    try DurableFile.syncFolder(FilePaths.parent(of: path))
    return path
  }

  private func renameStaging(to path: String) -> Int32 { rename(staging, path) == 0 ? 0 : errno }

  /// Exchanges the new folder and the old folder in one step, so that a folder is at the path at every moment.
  ///
  /// Returns false if the old folder no longer exists. Renaming the new folder is then enough.
  private func exchange(_ path: String) throws(FileError) -> Bool {
    let errorNumber = UnfinishedOutputs.commit {
      if mnist_exchange_paths(staging, path) == 0 { return 0 }
      guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else { return errno }
      // The file system cannot exchange folders. Move the old folder aside, and move it back if renaming the new folder
      // fails. The name of the moved folder does not have the format of a temporary name. Other processes therefore do
      // not remove the moved folder as a leftover.
      let aside = staging + ".replaced"
      guard rename(path, aside) == 0 else { return errno }
      let errorNumber = renameStaging(to: path)
      _ = rename(aside, errorNumber == 0 ? staging : path)
      return errorNumber
    }
    if errorNumber == ENOENT { return false }
    try FileError.check(errorNumber, path, action: "cannot replace the folder")
    return true
  }

  /// Removes the folder with the temporary name. This is the unfinished folder, or the old folder after an exchange.
  private func removeStaging() {
    FilePaths.remove(staging)
    UnfinishedOutputs.forget(temporary)
  }

  /// Checks that nothing is at a path, or that the caller may replace the folder at the path.
  private static func check(
    _ path: String, _ unownedItem: (String) throws(FileError) -> String?
  ) throws(FileError) {
    func refusal(_ action: String, _ reason: String) -> FileError {
      FileError(kind: .cannotCreate, path: path, action: action, reason: reason)
    }
    guard FilePaths.isFolder(path) else {
      if FilePaths.exists(path) { throw refusal("cannot make the folder", "a file is there") }
      return
    }
    let (name, protected): (String?, String?)
    do throws(FileError) {
      name = try stableUnownedItem(in: path, unownedItem)
      protected = try FilePaths.protectedFolder(in: path)
    } catch {
      let place = error.path == path ? "" : "\(error.path): "
      throw refusal("cannot replace the folder", "\(place)\(error.action): \(error.reason)")
    }
    if let name {
      throw refusal(
        "cannot write", "the folder holds \(name), which this program did not write; choose another folder")
    }
    if let protected {
      throw refusal("cannot replace the folder", "this user may not change \(protected)")
    }
  }

  /// Returns the name of an item that the caller must not replace, or nil. Checks again if another process replaces the
  /// folder during the check.
  private static func stableUnownedItem(
    in path: String, _ unownedItem: (String) throws(FileError) -> String?
  ) throws(FileError) -> String? {
    for _ in 0..<10 {
      do throws(FileError) {
        guard let name = try unownedItem(path) else { return nil }
        if FilePaths.type(of: FilePaths.join(path, name)) != nil { return name }
      } catch {
        guard error.kind == .missing else { throw error }
      }
    }
    return try unownedItem(path)
  }

  deinit {
    if !isCommitted { removeStaging() }
  }
}

/// A folder for many small files: a folder inside a ``StagedFolder``, or the staged folder itself.
///
/// ```swift
/// let folder = try StagedFolder(for: "digits")
/// let threes = try folder.makeSubfolder("train/3")
/// try threes.write(bytes, as: "00007.png")
/// try folder.commit()
/// ```
///
/// Several threads may write files at the same time. Committing the ``StagedFolder`` syncs all files together. Syncing
/// 70,000 files one by one would take minutes.
public final class StagedSubfolder: Sendable {
  /// The final path of the folder.
  public let path: String

  private let staging: String

  /// Creates the folder and the missing folders above it.
  init(staging: String, reportedAs path: String) throws(FileError) {
    self.path = path
    self.staging = staging
    do throws(FileError) {
      // If the process is ending, another thread may have removed the staged folder. `change` then waits for the end of
      // the process, so the folder is not created again.
      try UnfinishedOutputs.change { () throws(FileError) in try FilePaths.makeFolder(staging) }
    } catch {
      throw FileError(kind: error.kind, path: path, action: error.action, reason: error.reason)
    }
  }

  /// Writes one file of the folder.
  ///
  /// - Parameters:
  ///   - bytes: The complete content.
  ///   - name: A name that is not used in the folder yet.
  /// - Throws: ``FileError`` with the final path of the file.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    let errorNumber = bytes.withRawBytes { writeNew($0, name) }
    try FileError.check(errorNumber, FilePaths.join(path, name))
  }

  /// Creates a file and writes its bytes. Returns 0, or the error number.
  private func writeNew(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Int32 {
    let file = open(FilePaths.join(staging, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return errno }
    let failure = writeAll(bytes, to: file)
    // A network file system may report a full disk only when the file is closed.
    let isClosed = close(file) == 0
    return failure != 0 ? failure : isClosed ? 0 : errno
  }

  /// Syncs some folders and all their files to the disk.
  static func sync(_ folders: [StagedSubfolder]) throws(FileError) {
    guard let first = folders.first else { return }
    // Some systems can sync a whole file system in one call. This call writes in the best order for the disk and waits
    // only once.
    if try first.syncFileSystem() { return }
    for folder in folders { try folder.syncFiles() }
    // On Darwin, `fsync` leaves the data in the drive's cache. Syncing a folder empties the drive's cache for all
    // files.
    for path in Set(folders.flatMap { [$0.staging, FilePaths.parent(of: $0.staging)] }) {
      try DurableFile.syncFolder(path)
    }
  }

  /// Syncs the file system that contains the folder. Returns false if the system has no call for syncing a file system.
  private func syncFileSystem() throws(FileError) -> Bool {
    let descriptor = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    if descriptor >= 0, mnist_sync_file_system(descriptor) == 0 { return true }
    guard errno == ENOSYS else { throw FileError(path: path, action: "cannot sync", creating: true) }
    return false
  }

  private func syncFiles() throws(FileError) {
    for name in try FilePaths.names(in: staging) {
      let file = open(FilePaths.join(staging, name), O_RDONLY | O_CLOEXEC)
      let errorNumber = file >= 0 ? DurableFile.sync(file, emptiesCache: false) : errno
      if file >= 0 { close(file) }
      try FileError.check(errorNumber, FilePaths.join(path, name), action: "cannot sync")
    }
  }
}
