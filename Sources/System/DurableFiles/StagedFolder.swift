private import CSystemCalls

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
/// What a killed process leaves there is removed by the next one that writes into the same folder.
public final class StagedFolder {
  /// The final name.
  public let destination: String

  private let temporary: TemporaryName
  private var staging: String { temporary.path }
  /// Tells other processes that the folder under the temporary name is being written.
  private let lock: FolderLock
  private let unownedItem: (String) throws(FileError) -> String?
  private var subfolders: [StagedSubfolder] = []
  private var isCommitted = false

  /// Begins a folder.
  ///
  /// - Parameters:
  ///   - destination: the final name. Folders above it are made; a link is followed, and stays.
  ///   - unownedItem: returns the name of something in a folder that the caller must not replace, nil where there is
  ///     none. By default only an empty folder is replaced.
  /// - Throws: ``FileError`` where the destination cannot be made, or holds what must not be replaced.
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
          kind: .cannotCreate, path: destination, action: "cannot make the folder", reason: "a link to nothing is there"
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
          // Nil where another process has just taken the empty folder for a leftover, which it then removes.
          if let lock = try FolderLock(temporary.path) { return lock }
          usleep(1000)
        }
      }
    } catch {
      throw FileError(kind: error.kind, path: destination, action: error.action, reason: error.reason)
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
    try FileWriter(at: FilePaths.join(staging, name), reportedAs: FilePaths.join(destination, name))
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
    precondition(!isCommitted, "a folder is committed once")
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
        reason: "something in it is protected; the new one is complete in \(path)")
    }
    try DurableFile.syncFolder(FilePaths.parent(of: path))
    return path
  }

  private func renameStaging(to path: String) -> Int32 { rename(staging, path) == 0 ? 0 : errno }

  /// Exchanges the new folder and the one that was there in one step: at no moment is there none. Returns false where the
  /// old one has just gone, so that a plain rename will do.
  private func exchange(_ path: String) throws(FileError) -> Bool {
    let errorNumber = UnfinishedOutputs.commit {
      if mnist_exchange_paths(staging, path) == 0 { return 0 }
      guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else { return errno }
      // A file system that cannot exchange: the old folder goes aside, and back if the new one cannot take its place.
      // Under no temporary name: nobody may take it for a leftover.
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

  /// Removes what lies under the temporary name: the unfinished folder, or after an exchange the old one.
  private func removeStaging() {
    FilePaths.remove(staging)
    UnfinishedOutputs.forget(temporary)
  }

  /// Checks that a path is free, or a folder that the caller may replace.
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
      throw refusal("cannot replace the folder", "\(protected) may not be changed by this user")
    }
  }

  /// Returns the name of something foreign, asked again where another process replaces the folder meanwhile.
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

/// A folder inside a ``StagedFolder``, or that folder itself, for many small files, which several threads may write at once.
///
/// ```swift
/// let folder = try StagedFolder(for: "digits")
/// let threes = try folder.makeSubfolder("train/3")
/// try threes.write(bytes, as: "00007.png")
/// try folder.commit()
/// ```
///
/// Its files reach the disk together, when the folder that it is in is committed: to wait for the disk after each of 70,000
/// files would take minutes.
public final class StagedSubfolder: Sendable {
  /// The final path.
  public let path: String

  private let staging: String

  /// Makes the folder, and those above it in the staged one.
  init(staging: String, reportedAs path: String) throws(FileError) {
    self.path = path
    self.staging = staging
    do throws(FileError) {
      // Not while the process ends: this would make the staged folder anew that has just been removed.
      try UnfinishedOutputs.change { () throws(FileError) in try FilePaths.makeFolder(staging) }
    } catch {
      throw FileError(kind: error.kind, path: path, action: error.action, reason: error.reason)
    }
  }

  /// Writes one file of the folder.
  ///
  /// - Parameters:
  ///   - bytes: The whole content.
  ///   - name: A name that is not in the folder yet.
  /// - Throws: ``FileError``, which names the file's final path.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    let errorNumber = bytes.withRawBytes { writeNew($0, name) }
    try FileError.check(errorNumber, FilePaths.join(path, name))
  }

  /// Returns 0, or the error number.
  private func writeNew(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Int32 {
    let file = open(FilePaths.join(staging, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return errno }
    let failure = writeAll(bytes, to: file)
    // A network's file system may tell only here that there was no room.
    let isClosed = close(file) == 0
    return failure != 0 ? failure : isClosed ? 0 : errno
  }

  /// Brings all files of some folders to the disk, and the folders themselves.
  static func sync(_ folders: [StagedSubfolder]) throws(FileError) {
    guard let first = folders.first else { return }
    // One call for the whole file system, where there is one: it writes in the order that suits the disk, and waits once.
    if try first.syncFileSystem() { return }
    for folder in folders { try folder.syncFiles() }
    // On Darwin `fsync` leaves the files in the drive's cache, which this empties, for all of them at once.
    for path in Set(folders.flatMap { [$0.staging, FilePaths.parent(of: $0.staging)] }) {
      try DurableFile.syncFolder(path)
    }
  }

  /// Returns false where the system has no such call.
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
