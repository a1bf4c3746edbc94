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
        throw refusal(name, "it has \(byteCount + rest) bytes, expected at most \(maximumByteCount)", .tooLarge)
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
      throw refusal(name, "it has more than \(maximumByteCount) bytes", .tooLarge)
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
    var errorNumber: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(byteCount, before.count)) { buffer, count in
      _ = buffer.initialize(fromContentsOf: before)
      let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[before.count...]))
      (count, errorNumber) = fill(rest, from: descriptor)
      count += before.count
    }
    try FileError.check(errorNumber, name, action: "cannot read", creating: false)
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

  private static func refusal(_ path: String, _ reason: String, _ kind: FileError.Kind = .failed) -> FileError {
    FileError(kind: kind, path: path, action: "cannot read", reason: reason)
  }

  /// Makes a rename in a folder last. File systems that cannot sync a folder need no such call.
  static func syncFolder(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let errorNumber = sync(descriptor)
    try FileError.check(errorNumber == EACCES ? 0 : errorNumber, path, action: "cannot sync")
  }

  /// Brings what was written to the disk itself. On Darwin `fsync` stops at the drive's cache.
  ///
  /// - Returns: 0, also where the file system cannot sync, or the error number.
  static func sync(_ descriptor: Int32, emptiesCache: Bool = true) -> Int32 {
    #if canImport(Darwin)
      if emptiesCache, fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno
  }

  static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

// Outside of the type, whose own `read` and `write` would hide the system's.

/// Reads from an offset, or from the current position, until some memory is full or the file ends.
///
/// - Returns: The number of bytes, and 0 or the error number.
func fill(
  _ memory: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int? = nil
) -> (byteCount: Int, errorNumber: Int32) {
  var done = 0
  while done < memory.count {
    let (place, count) = (memory.baseAddress! + done, memory.count - done)
    let got = DurableFile.retrying {
      offset.map { pread(descriptor, place, count, off_t($0 + done)) } ?? read(descriptor, place, count)
    }
    guard got > 0 else { return (done, got < 0 ? errno : 0) }
    done += got
  }
  return (done, 0)
}

/// Writes all bytes to an open file, a pipe or a terminal. Returns 0, or the error number.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var done = 0
  while done < bytes.count {
    let written = DurableFile.retrying { write(descriptor, bytes.baseAddress! + done, bytes.count - done) }
    let errorNumber = errno
    // A mapped file that has lost bytes is no more than a bad address to a system call; who reads them is told more.
    if written < 0, errorNumber == EFAULT { mnist_touch(bytes.baseAddress, bytes.count) }
    guard written > 0 else { return written < 0 ? errorNumber : EIO }
    done += written
  }
  return 0
}

extension Collection<UInt8> {
  /// Calls `body` with the bytes in one piece of memory, which are copied only if they do not lie in one.
  func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? Array(self).withUnsafeBytes(body)
  }
}
