private import CSystemCalls
private import Memory
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file that can be read in pieces, at any offset.
///
/// ```swift
/// let file = try FileReader("digits.npz")
/// let end = try file.read(at: max(0, file.byteCount - 22), count: 22)
/// ```
public final class FileReader: Sendable {
  /// The path of the file.
  public let path: String
  /// The size of the file when it was opened, in bytes.
  public let byteCount: Int

  private let descriptor: Int32

  /// Opens a file for reading.
  ///
  /// - Throws: ``FileError``. Its kind is `missing` if nothing is at the path. Folders, pipes and sockets are refused
  ///   too.
  public init(_ path: String) throws(FileError) {
    byteCount = try DurableFile.readableByteCount(path)
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
  }

  deinit { close(descriptor) }

  /// Reads `count` bytes, starting at an offset. Reads fewer bytes if the file ends before.
  ///
  /// - Throws: ``FileError`` if the system refuses, or if there is not enough memory.
  /// - Precondition: `offset` and `count` are not negative.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "offsets and counts are not negative")
    let available = min(count, max(byteCount - offset, 0))
    try FileError.checkMemory(available, for: path)
    var errorNumber: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: available) { buffer, count in
      (count, errorNumber) = fill(UnsafeMutableRawBufferPointer(buffer), from: descriptor, at: offset)
    }
    try FileError.check(errorNumber, path, action: "cannot read", creating: false)
    return bytes
  }

  /// Reads bytes into memory, starting at an offset in the file.
  ///
  /// - Returns: The number of bytes that were read. It is smaller than the size of the memory only if the file ends
  ///   before.
  /// - Throws: ``FileError`` if the system refuses.
  /// - Precondition: The offset is not negative.
  public func read(at offset: Int, into memory: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    precondition(offset >= 0, "an offset is not negative")
    let (byteCount, errorNumber) = fill(memory, from: descriptor, at: offset)
    try FileError.check(errorNumber, path, action: "cannot read", creating: false)
    return byteCount
  }

  /// Maps the whole file into memory.
  ///
  /// Returns nil if the file is empty, or if its size has changed since the file was opened. Also returns nil if the
  /// system refuses or the address space is too small.
  ///
  /// - Complexity: O(1). Pages are read when they are used.
  public func mapped() -> MappedFile? {
    guard AvailableMemory.hasAddressSpace(byteCount) else { return nil }
    return MappedFile(descriptor: descriptor, path: path, byteCount: byteCount)
  }
}

/// A file that is mapped into memory. Its pages are read only when they are used, and they are not copied.
///
/// ```swift
/// if let mapped = try FileReader("train-images-idx3-ubyte").mapped() { print(mapped.bytes.count) }
/// ```
///
/// The mapped bytes stay unchanged if the file is removed. They also stay unchanged if another file is renamed to its
/// path, as ``FileWriter`` does. They change if another program writes into the file.
///
/// Bytes are missing if another program cuts the file short, or if the disk fails. Reading missing bytes raises the
/// signal `SIGBUS`, which ends the process. ``whenLost(_:)`` sets a task that reports the file first. To avoid the
/// risk, copy the bytes with ``FileReader/read(at:count:)``.
public final class MappedFile: @unchecked Sendable {
  // `Sendable` is unchecked. Several threads may read the memory, because nothing writes to it. It is unmapped only
  // when this value is destroyed.

  /// The path of the file.
  public let path: String
  /// The content of the file. The memory is valid as long as this value exists.
  public let bytes: UnsafeRawBufferPointer

  private let number: Int32

  /// Maps a file. Returns nil if the system refuses or if the file does not have the expected size.
  fileprivate init?(descriptor: Int32, path: String, byteCount: Int) {
    var status = stat()
    guard byteCount > 0, fstat(descriptor, &status) == 0, Int(status.st_size) == byteCount else { return nil }
    // Two options were measured and saved no time. MAP_POPULATE reads all pages at once, which took as long as reading
    // them during a training run. MADV_WILLNEED did not help for files that were not in the system's cache.
    let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else { return nil }
    number = mnist_note_mapping(start, byteCount, path)
    bytes = UnsafeRawBufferPointer(start: start, count: byteCount)
    self.path = path
    // A mapping without a record is refused. If its file were cut short, the error could not name the file.
    guard number >= 0 else {
      munmap(start, byteCount)
      return nil
    }
  }

  deinit {
    guard number >= 0, let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
    mnist_forget_mapping(number)
    munmap(start, bytes.count)
  }

  /// Sets the task that is called when a thread reads missing bytes of a mapped file.
  ///
  /// The thread that reads missing bytes stops. A separate thread then calls `task` with the path of the file. `task`
  /// must end the process.
  ///
  /// ```swift
  /// MappedFile.whenLost { path in
  ///   print("\(path) was cut short while it was in use")
  ///   exit(74)
  /// }
  /// ```
  ///
  /// The method installs a handler for the signal `SIGBUS`. If the signal concerns other memory, the handler ends the
  /// process as usual. The task applies to the whole process. Only the first call of this method has an effect.
  public static func whenLost(_ task: @escaping @Sendable (_ path: String) -> Never) {
    let isFirst = lossTask.withLock { found in
      defer { if found == nil { found = task } }
      return found == nil
    }
    guard isFirst else { return }
    // If the handler cannot be installed, the signal SIGBUS ends the process as usual.
    _ = mnist_report_lost_mappings { path in
      guard let path, let task = MappedFile.lossTask.withLock({ $0 }) else { return }
      task(String(cString: path))
    }
  }

  private static let lossTask = Mutex<(@Sendable (String) -> Never)?>(nil)
}
