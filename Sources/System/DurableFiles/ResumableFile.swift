#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file that grows at its end, over several runs of a program where one does not suffice, and gets its final name when
/// it is whole.
///
/// ```swift
/// let file = try ResumableFile("data.partial")
/// let done = file.byteCount  // what an earlier run left
/// try file.append(bytes)
/// try file.commit(to: "data")
/// ```
///
/// What is appended is with the system at once, so that a killed process loses nothing. After a power cut the end of the
/// file may not be what was written: who resumes has to check the whole.
public final class ResumableFile {
  /// Where the file lies until it is committed.
  public let path: String

  /// The size so far.
  public private(set) var byteCount: Int

  private let descriptor: Int32

  /// Opens a file, or makes an empty one.
  ///
  /// - Throws: ``FileError`` where it cannot be made or opened, or is no file.
  public init(_ path: String) throws(FileError) {
    self.path = path
    if FilePaths.exists(path) { _ = try DurableFile.readableByteCount(path) }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot write", creating: true) }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  ///
  /// - Throws: ``FileError``; some of the bytes may have been added then.
  public func append(_ bytes: some Collection<UInt8>) throws(FileError) {
    let errorNumber = bytes.withRawBytes { writeAll($0, to: descriptor) }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
    try FileError.check(errorNumber, path)
  }

  /// Empties the file.
  public func empty() throws(FileError) {
    try FileError.check(ftruncate(descriptor, 0) == 0 ? 0 : errno, path)
    byteCount = Int(lseek(descriptor, 0, SEEK_SET))
  }

  /// Gives the file its final name, after its content has reached the disk.
  public func commit(to destination: String) throws(FileError) {
    try FileError.check(DurableFile.sync(descriptor), path)
    try FileError.check(rename(path, destination) == 0 ? 0 : errno, destination)
    try DurableFile.syncFolder(FilePaths.parent(of: destination))
  }
}
