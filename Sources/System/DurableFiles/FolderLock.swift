#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A folder that one process at a time works in. The lock ends with the value, or with the process however that ends.
///
/// ```swift
/// guard let lock = try FolderLock("data/full") else { return }  // another process works there
/// ```
///
/// It is `flock` on the folder itself, so that no lock file is left. Where the file system knows no such locks, as some
/// shared ones do not, the folder counts as locked by everyone who asks.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Locks a folder, which is made where it is missing; nil where another process has it.
  ///
  /// - Throws: ``FileError`` where the folder cannot be made or opened.
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
      // Whoever had the lock before may have removed the folder, and a third process made a new one.
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
