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
  /// The whole content of a file.
  ///
  /// - Throws: ``FileError``, its kind `missing` where nothing is at the path.
  /// - Complexity: O(size); the memory is reserved by the size that the system gives, and follows what is really there.
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(kind: .failed, path: path, action: "cannot read", reason: "it is a folder")
    }
    var result: [UInt8] = []
    // One byte more than the size, so that the end shows itself without growing; a pipe has the size 0.
    var capacity = max(Int(status.st_size) + 1, 1 << 16)
    var failure: Int32?
    repeat {
      let start = result.count
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = 0
        while count < buffer.count {
          let got = Self.retrying { systemRead(descriptor, buffer.baseAddress! + count, buffer.count - count) }
          if got < 0 { failure = errno }
          guard got > 0 else { break }
          count += got
        }
      }
      let isEnd = chunk.count < capacity
      if start == 0 { result = chunk } else { result += chunk }
      capacity = max(result.count, 1 << 16)
      if isEnd { break }
    } while failure == nil
    if let failure { throw FileError(path: path, action: "cannot read", creating: false, errorNumber: failure) }
    return result
  }

  /// Writes a file whole: under a temporary name beside the final one, synced to the disk, then renamed.
  ///
  /// - Throws: ``FileError``; the path then holds what it held before, and nothing is left beside it.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let folder = FilePaths.parent(of: path)
    let temporary = FilePaths.join(folder, FilePaths.temporaryName(for: path))
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
