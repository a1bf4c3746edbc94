private import CSystemCalls

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

  /// The most bytes that are read from something without a known size, such as a device, which may never end.
  private static let maximumUnannouncedByteCount = 1 << 26

  /// The number of first bytes that are judged before the rest is read.
  private static let beginningByteCount = 16

  /// The number of bytes that are read at a time from something without a size.
  private static let pieceByteCount = 1 << 20

  /// Reads a whole file into memory.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - maximumByteCount: the largest file that is read; a larger one is refused before it is read.
  ///   - accepts: judges the file's first 16 bytes, or all bytes if there are fewer. If it returns false, the rest is not
  ///     read.
  /// - Returns: all bytes, or only the first ones if `accepts` returned false.
  /// - Throws: ``FileError``. Its kind is `missing` if nothing is at the path, and `tooLarge` for more bytes than the
  ///   limit. Folders, pipes and sockets are refused too.
  /// - Complexity: O(size).
  public static func read(
    _ path: String, maximumByteCount: Int = maximumByteCount,
    accepting accepts: (_ beginning: [UInt8]) -> Bool = { _ in true }
  ) throws(FileError) -> [UInt8] {
    let announced = try readableByteCount(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    defer { close(descriptor) }
    return try read(
      descriptor: descriptor, named: path,
      maximumByteCount: announced > 0 ? maximumByteCount : min(maximumByteCount, maximumUnannouncedByteCount),
      accepting: accepts)
  }

  /// Reads an open file, a pipe or a terminal to its end.
  ///
  /// The parameters and the result are those of ``read(_:maximumByteCount:accepting:)``; the name is for errors.
  package static func read(
    descriptor: Int32, named name: String, maximumByteCount: Int,
    accepting accepts: (_ beginning: [UInt8]) -> Bool = { _ in true }
  ) throws(FileError) -> [UInt8] {
    let beginning = try piece(of: descriptor, named: name, byteCount: beginningByteCount)
    var pieces = [beginning]
    var byteCount = beginning.count
    var isAtEnd = byteCount < beginningByteCount || !accepts(beginning)
    if !isAtEnd, let rest = remainingByteCount(of: descriptor) {
      guard byteCount + rest <= maximumByteCount else {
        throw tooLarge(name, "it has \(byteCount + rest) bytes, expected at most \(maximumByteCount)")
      }
      // One byte more than the size, so that the end is seen without another piece.
      pieces = [try piece(of: descriptor, named: name, byteCount: byteCount + rest + 1, after: beginning)]
      isAtEnd = pieces[0].count <= byteCount + rest
      byteCount = pieces[0].count
    }
    while !isAtEnd, byteCount <= maximumByteCount {
      let next = try piece(of: descriptor, named: name, byteCount: pieceByteCount)
      byteCount += next.count
      isAtEnd = next.count < pieceByteCount
      pieces.append(next)
    }
    guard byteCount <= maximumByteCount else {
      throw tooLarge(name, "it has more than \(maximumByteCount) bytes")
    }
    if pieces.count == 1 { return pieces[0] }
    try FileError.checkMemory(byteCount, for: name)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for piece in pieces { bytes += piece }
    return bytes
  }

  /// Returns the bytes read before and the next ones: `byteCount` bytes in all, or fewer at the end of the file.
  private static func piece(
    of descriptor: Int32, named name: String, byteCount: Int, after before: [UInt8] = []
  ) throws(FileError) -> [UInt8] {
    try FileError.checkMemory(byteCount, for: name)
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: max(byteCount, before.count)) { buffer, count in
      count = before.count
      _ = buffer.initialize(fromContentsOf: before)
      while count < byteCount {
        let got = retrying { systemRead(descriptor, buffer.baseAddress! + count, byteCount - count) }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    if let failure { throw FileError(path: name, action: "cannot read", creating: false, errorNumber: failure) }
    return bytes
  }

  /// Returns how many bytes a regular file has after the current position; nil for anything else, and for files of the
  /// size 0, because the system's own files, such as those in `/proc`, claim that size.
  private static func remainingByteCount(of descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
    let position = lseek(descriptor, 0, SEEK_CUR)
    return position < 0 ? nil : max(0, Int(status.st_size) - Int(position))
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

  private static func tooLarge(_ path: String, _ reason: String) -> FileError {
    FileError(kind: .tooLarge, path: path, action: "cannot read", reason: reason)
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
