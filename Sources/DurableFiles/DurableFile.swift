private import CMappedFiles

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

  /// The most that is read of what tells no size, as a device does: there may be no end to it.
  private static let maximumUnannouncedByteCount = 1 << 26

  /// The whole content of a file.
  ///
  /// - Throws: ``FileError``, its kind `missing` where nothing is at the path; also for folders, pipes and sockets, and
  ///   for more than ``maximumByteCount``.
  /// - Complexity: O(size).
  public static func read(_ path: String) throws(FileError) -> [UInt8] {
    let byteCount = try readableByteCount(path)
    guard byteCount <= maximumByteCount else {
      throw refusal(path, "it has \(byteCount) bytes, expected at most \(maximumByteCount)")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    defer { close(descriptor) }
    var result: [UInt8] = []
    // One byte more than the size, so that the end shows itself without growing; a device has the size 0.
    var capacity = max(byteCount + 1, 1 << 16)
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
      guard byteCount > 0 || result.count <= maximumUnannouncedByteCount else {
        throw refusal(path, "it is a device, or something else that does not tell its size, and does not end")
      }
      guard result.count <= maximumByteCount else { throw refusal(path, "it has more than \(maximumByteCount) bytes") }
      capacity = result.count
    }
  }

  /// Writes a file whole: under a temporary name beside the final one, synced to the disk, then renamed.
  ///
  /// - Throws: ``FileError``; the path then holds what it held before, and nothing is left beside it.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let file = try FileWriter(for: path)
    try file.write(bytes)
    try file.commit()
  }

  /// The size of what can be read as a file.
  ///
  /// - Throws: ``FileError`` where nothing is at the path, or a folder, pipe or socket.
  static func readableByteCount(_ path: String) throws(FileError) -> Int {
    // Looked at before it is opened: opening a pipe waits for whoever writes it.
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal(path, "it is a folder")
    case S_IFIFO, S_IFSOCK: throw refusal(path, "it is no file but a pipe or socket")
    default: return Int(status.st_size)
    }
  }

  private static func refusal(_ path: String, _ reason: String) -> FileError {
    FileError(kind: .failed, path: path, action: "cannot read", reason: reason)
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
  static func sync(_ descriptor: Int32) -> Bool {
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
      let errorNumber = errno
      // A mapped file that has lost bytes is no more than a bad address to a system call; who reads them is told more.
      if written < 0, errorNumber == EFAULT { mnist_touch(bytes.baseAddress, bytes.count) }
      guard written > 0 else { return written < 0 ? errorNumber : EIO }
      done += written
    }
    return 0
  }

  static func retrying(_ call: () -> Int) -> Int {
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
