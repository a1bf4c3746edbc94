#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A lock on a folder. Only one process at a time can have the lock.
///
/// ```swift
/// guard let lock = try FolderLock("data/full") else { return }  // another process works there
/// ```
///
/// The lock ends when this value is destroyed or the process ends. It uses `flock` on the folder itself, so no lock
/// file remains. On some shared file systems, `flock` does not work. Every process then gets the lock.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Creates the folder if it is missing, and locks it. Returns nil if another process has locked the folder.
  ///
  /// - Throws: ``FileError`` if the folder cannot be created or opened.
  public init?(_ path: String) throws(FileError) {
    while true {
      try FilePaths.makeFolder(path)
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if descriptor < 0, errno == ENOENT { continue }
      guard descriptor >= 0 else { throw FileError(path: path, action: "cannot lock the folder", creating: true) }
      if DurableFile.retrying({ Int(flock(descriptor, LOCK_EX | LOCK_NB)) }) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        return nil
      }
      // The previous owner of the lock may have removed the folder. A third process may then have created a new folder
      // at the path.
      if Self.isSame(descriptor, path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }

  deinit { close(descriptor) }
}
