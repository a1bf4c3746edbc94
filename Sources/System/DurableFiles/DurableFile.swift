private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Functions that read and write whole files. If writing fails, the old file stays complete under its name.
///
/// ```swift
/// let bytes = try DurableFile.read("digits.idx")
/// try DurableFile.write(bytes, to: "copy.idx")
/// ```
public enum DurableFile {
  /// The size limit for reading a file, in bytes. Data sets and models are far smaller, so a larger file is damaged.
  public static let maximumByteCount = 1 << 32

  /// The size limit for reading a source of unknown size, in bytes. Such a source, for example a device, may never end.
  private static let maximumUnannouncedByteCount = 1 << 26
  /// The number of bytes at the start of a file that `accepts` checks before the rest is read.
  private static let beginningByteCount = 16
  /// The number of bytes in each read from a source of unknown size.
  private static let pieceByteCount = 1 << 20

  /// Reads a whole file into memory.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - maximumByteCount: The size limit in bytes. A larger file is refused before it is read.
  ///   - accepts: Returns whether the rest of the file is read. Its argument is the first 16 bytes of the file, or all
  ///     bytes of a shorter file.
  /// - Returns: All bytes of the file, or only the first bytes if `accepts` returned false.
  /// - Throws: ``FileError``. Its kind is `missing` if nothing is at the path, and `tooLarge` if the file is larger
  ///   than the limit. Folders, pipes and sockets are refused too.
  /// - Complexity: O(n), where n is the size of the file.
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
  /// The result, `maximumByteCount` and `accepts` are those of ``read(_:maximumByteCount:accepting:)``.
  ///
  /// - Parameter name: The name of the source in errors.
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
      // Ask for one byte more than remains, so that this read also detects the end of the file.
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

  /// Reads the next bytes of a file and appends them to the bytes in `before`.
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

  /// Returns the number of bytes between the current position and the end of a file, or nil if the number is unknown.
  ///
  /// The number is known only for a regular file whose size is not 0. The system's own files, such as those in `/proc`,
  /// report the size 0 although they have content.
  private static func remainingByteCount(of descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
    let position = lseek(descriptor, 0, SEEK_CUR)
    return position < 0 ? nil : max(0, Int(status.st_size) - Int(position))
  }

  /// Writes a whole file.
  ///
  /// The bytes are first written to a temporary file in the same folder and synced to the disk. The temporary file is
  /// then renamed.
  ///
  /// - Throws: ``FileError``. After an error, the old file at the path is unchanged, and no temporary file remains.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let file = try FileWriter(for: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Returns the size that the system reports for a file, in bytes. The size of a device is 0.
  ///
  /// - Throws: ``FileError`` if nothing is at the path, or if the path is a folder, a pipe or a socket.
  static func readableByteCount(_ path: String) throws(FileError) -> Int {
    // Opening a pipe waits for a writer, so check the type of the file before opening it.
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

  /// Syncs a folder, so that a rename in the folder survives a power failure. Some file systems cannot sync a folder,
  /// but they do not need to.
  static func syncFolder(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let errorNumber = sync(descriptor)
    try FileError.check(errorNumber == EACCES ? 0 : errorNumber, path, action: "cannot sync")
  }

  /// Writes the data of an open file to the disk.
  ///
  /// - Parameter emptiesCache: Whether the drive also empties its cache. On Darwin, `fsync` alone writes only to the
  ///   drive's cache.
  /// - Returns: 0, or the error number. The result is also 0 if the file system cannot sync.
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

// These functions are outside of the type `DurableFile`. Inside the type, its own functions `read` and `write` would
// hide the system calls.

/// Reads bytes of a file into memory until the memory is full or the file ends.
///
/// - Parameter offset: The position in the file, or nil for the current position.
/// - Returns: The number of bytes that were read, and the error number. The error number is 0 if reading succeeded.
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
    // If the bytes are in a mapped file that was cut short, the system call reports only a bad address. Reading the
    // bytes here raises SIGBUS. The handler of this signal then reports the file.
    if written < 0, errorNumber == EFAULT { mnist_touch(bytes.baseAddress, bytes.count) }
    guard written > 0 else { return written < 0 ? errorNumber : EIO }
    done += written
  }
  return 0
}

extension Collection<UInt8> {
  /// Calls `body` with the bytes in contiguous memory. Copies the bytes only if they are not contiguous yet.
  func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) } ?? Array(self).withUnsafeBytes(body)
  }
}
