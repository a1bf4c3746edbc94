#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Whole files, read and written so that a name never stands for a part of what was meant.
///
/// ```swift
/// let bytes = try DurableFile.read("digits.idx")
/// try DurableFile.write(bytes, to: "copy.idx")
/// ```
public enum DurableFile {
  /// The largest file that is read: no data set or model comes near it, and a file that claims more is damaged.
  public static let maximumByteCount = 1 << 32

  /// The whole content of a file.
  ///
  /// - Throws: ``FileError``, its kind `missing` where nothing is at the path; also for folders, pipes and sockets, and
  ///   for more than ``maximumByteCount``.
  /// - Complexity: O(size).
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    func refusal(_ reason: String) -> FileError {
      FileError(kind: .failed, path: path, action: "cannot read", reason: reason)
    }
    // Looked at before it is opened: opening a pipe waits for whoever writes it.
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal("it is a folder")
    case S_IFIFO, S_IFSOCK: throw refusal("it is no file but a pipe or socket")
    default: break
    }
    guard status.st_size <= maximumByteCount else {
      throw refusal("it has \(status.st_size) bytes, expected at most \(maximumByteCount)")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    defer { close(descriptor) }
    var result: [UInt8] = []
    // One byte more than the size, so that the end shows itself without growing; a device has the size 0.
    var capacity = max(Int(status.st_size) + 1, 1 << 16)
    var failure: Int32?
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = 0
        while count < buffer.count {
          let got = Self.retrying { systemRead(descriptor, buffer.baseAddress! + count, buffer.count - count) }
          if got < 0 { failure = errno }
          guard got > 0 else { break }
          count += got
        }
      }
      if let failure { throw FileError(path: path, action: "cannot read", creating: false, errorNumber: failure) }
      if result.isEmpty { result = chunk } else { result += chunk }
      if chunk.count < capacity { return result }
      guard result.count <= maximumByteCount else { throw refusal("it has more than \(maximumByteCount) bytes") }
      capacity = result.count
    }
  }

  /// Writes a file whole: under a temporary name beside the final one, synced to the disk, then renamed.
  ///
  /// - Throws: ``FileError``; the path then holds what it held before, and nothing is left beside it.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let folder = FilePaths.parent(of: path)
    TemporaryName.removeLeftovers(of: path)
    let temporary = TemporaryName(for: path).path
    do throws(FileError) {
      try writeNew(bytes, to: temporary, reportedAs: path)
      guard rename(temporary, path) == 0 else { throw FileError(path: path, action: "cannot write", creating: true) }
    } catch {
      unlink(temporary)
      throw error
    }
    try syncFolder(folder)
  }

  /// Writes and syncs a file that is not there yet. `reportedAs` is the path that an error names.
  static func writeNew(
    _ bytes: some Collection<UInt8>, to path: String, reportedAs reportedPath: String
  ) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: reportedPath, action: "cannot write", creating: true) }
    var failure = bytes.withContiguousStorageIfAvailable { writeAll($0, to: descriptor) }
    if failure == nil { failure = Array(bytes).withUnsafeBufferPointer { writeAll($0, to: descriptor) } }
    var errorNumber = failure ?? 0
    if errorNumber == 0, !sync(descriptor), errno != EINVAL, errno != ENOTSUP { errorNumber = errno }
    if close(descriptor) != 0, errorNumber == 0 { errorNumber = errno }
    guard errorNumber == 0 else {
      throw FileError(path: reportedPath, action: "cannot write", creating: true, errorNumber: errorNumber)
    }
  }

  /// Makes a rename in a folder last. File systems that cannot sync a folder need no such call.
  static func syncFolder(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard sync(descriptor) || errno == EINVAL || errno == ENOTSUP || errno == EACCES else {
      throw FileError(path: path, action: "cannot sync", creating: true)
    }
  }

  /// Brings what was written to the disk itself. On Darwin `fsync` stops at the drive's cache.
  private static func sync(_ descriptor: Int32) -> Bool {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
    #endif
    return fsync(descriptor) == 0
  }

  /// Writes all bytes to an open file, a pipe or a terminal. Returns 0, or the error number.
  package static func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
      let written = retrying { systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done) }
      guard written > 0 else { return written < 0 ? errno : EIO }
      done += written
    }
    return 0
  }

  private static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

// The system's functions under names that do not meet this type's own.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
