private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Functions that read and write whole files. After a failed write, the old file is still complete under its name.
///
/// ```swift
/// let bytes = try DurableFile.read("digits.idx")
/// try DurableFile.write(bytes, to: "copy.idx")
/// ```
public enum DurableFile {
  /// The size of the largest file that is read, in bytes. Data sets and models are far smaller, so a larger file is
  /// damaged.
  public static let maximumByteCount = 1 << 32

  /// The largest number of bytes that are read from a source of unknown size. Such a source, for example a device, may
  /// never end.
  private static let maximumUnannouncedByteCount = 1 << 26
  /// The number of first bytes that `accepts` checks before the rest is read.
  private static let beginningByteCount = 16
  /// The number of bytes that are read at once from a source of unknown size.
  private static let pieceByteCount = 1 << 20

  /// Reads a whole file into memory.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - maximumByteCount: The size of the largest file that is read. A larger file is refused before it is read.
  ///   - accepts: Checks the file's first 16 bytes, or all bytes of a shorter file. If it returns false, the rest is
  ///     not read.
  /// - Returns: All bytes, or only the first bytes if `accepts` returned false.
  /// - Throws: ``FileError``. Its kind is `missing` if nothing is at the path, and `tooLarge` if the file has more
  ///   bytes than the limit. Folders, pipes and sockets are refused too.
  /// - Complexity: O(n), n the size of the file.
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
  /// The other parameters and the result are those of ``read(_:maximumByteCount:accepting:)``.
  ///
  /// - Parameter name: The name that errors report for the source.
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
      // Ask for one byte more than the rest, so that the end of the file is detected without another read.
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

  /// Returns the bytes that were read before, followed by the next bytes of a file.
  ///
  /// The result has `byteCount` bytes in all, or fewer at the end of the file.
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

  /// Returns the number of bytes after the current position of a regular file, or nil if the number is unknown.
  ///
  /// It is unknown for anything but a regular file, and for files with the size 0. The system's own files, such as
  /// those in `/proc`, report this size.
  private static func remainingByteCount(of descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
    let position = lseek(descriptor, 0, SEEK_CUR)
    return position < 0 ? nil : max(0, Int(status.st_size) - Int(position))
  }

  /// Writes a whole file.
  ///
  /// The file is written under a temporary name beside the final one, synced to the disk, and then renamed.
  ///
  /// - Throws: ``FileError``. The old content of the path is then unchanged, and no temporary file remains.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let file = try FileWriter(for: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Returns the size that the system reports for a file, in bytes. It is 0 for a device.
  ///
  /// - Throws: ``FileError`` if nothing is at the path, or if it is a folder, a pipe or a socket.
  static func readableByteCount(_ path: String) throws(FileError) -> Int {
    // Check the type before opening the file, because opening a pipe waits for a writer.
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal(path, "it is a folder")
    case S_IFIFO, S_IFSOCK: throw refusal(path, "it is a pipe or a socket, not a file")
    default: return Int(status.st_size)
    }
  }

  private static func refusal(_ path: String, _ reason: String, _ kind: FileError.Kind = .failed) -> FileError {
    FileError(kind: kind, path: path, action: "cannot read", reason: reason)
  }

  /// Syncs a folder, so that a rename in the folder survives a power failure. File systems that cannot sync a folder do
  /// not need this.
  static func syncFolder(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let errorNumber = sync(descriptor)
    try FileError.check(errorNumber == EACCES ? 0 : errorNumber, path, action: "cannot sync")
  }

  /// Writes the data of an open file to the disk.
  ///
  /// - Parameter emptiesCache: Whether the drive's cache is emptied too. On Darwin, `fsync` alone writes only to this
  ///   cache.
  /// - Returns: 0, or the error number. The result is 0 if the file system cannot sync.
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

// These functions are outside of the type, because `read` and `write` of the type would hide the system calls.

/// Reads bytes into memory until the memory is full or the file ends.
///
/// - Parameter offset: The position in the file, or nil for the current position.
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
    // If a mapped file was cut short, the system call reports only a bad address for the missing bytes. Reading the
    // bytes here raises SIGBUS, whose handler reports the file.
    if written < 0, errorNumber == EFAULT { mnist_touch(bytes.baseAddress, bytes.count) }
    guard written > 0 else { return written < 0 ? errorNumber : EIO }
    done += written
  }
  return 0
}

extension Collection<UInt8> {
  /// Calls `body` with the bytes in contiguous memory. The bytes are copied only if they are not contiguous.
  func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? Array(self).withUnsafeBytes(body)
  }
}
