private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

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
  /// - Throws: ``FileError``, which names the file's final path.
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws(FileError) {
    let direct = bytes.withContiguousStorageIfAvailable { writeNew(UnsafeRawBufferPointer($0), name) }
    try check(direct ?? Array(bytes).withUnsafeBytes { writeNew($0, name) }, name)
  }

  /// Writes one file of the folder, from memory of any kind.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - name: a name that is not in the folder yet.
  /// - Throws: ``FileError``, which names the file's final path.
  public func write(_ bytes: UnsafeRawBufferPointer, as name: String) throws(FileError) {
    try check(writeNew(bytes, name), name)
  }

  private func check(_ errorNumber: Int32, _ name: String) throws(FileError) {
    guard errorNumber == 0 else {
      throw FileError(
        path: FilePaths.join(path, name), action: "cannot write", creating: true, errorNumber: errorNumber)
    }
  }

  /// Returns 0, or the error number.
  private func writeNew(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Int32 {
    let file = open(FilePaths.join(staging, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return errno }
    let failure = bytes.withMemoryRebound(to: UInt8.self) { DurableFile.writeAll($0, to: file) }
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
      guard file >= 0, fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP else {
        let error = FileError(path: FilePaths.join(path, name), action: "cannot sync", creating: true)
        if file >= 0 { close(file) }
        throw error
      }
      close(file)
    }
  }
}
