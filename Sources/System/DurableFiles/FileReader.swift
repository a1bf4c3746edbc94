private import CSystemCalls
private import Memory
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file that is read piece by piece, from any place.
///
/// ```swift
/// let file = try FileReader("digits.npz")
/// let end = try file.read(at: max(0, file.byteCount - 22), count: 22)
/// ```
public final class FileReader: Sendable {
  /// The path.
  public let path: String
  /// The size when it was opened.
  public let byteCount: Int

  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileError``, its kind `missing` where nothing is at the path; also for folders, pipes and sockets.
  public init(_ path: String) throws(FileError) {
    byteCount = try DurableFile.readableByteCount(path)
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
  }

  deinit { close(descriptor) }

  /// The bytes from an offset on: `count` of them, fewer where the file ends before.
  ///
  /// - Throws: ``FileError`` where the system refuses, or memory is missing.
  /// - Precondition: neither number is negative.
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

  /// Fills memory of any kind with the bytes from an offset on.
  ///
  /// - Returns: how many there were; fewer than the memory holds only where the file ends before.
  /// - Throws: ``FileError`` where the system refuses.
  /// - Precondition: the offset is not negative.
  public func read(at offset: Int, into memory: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    precondition(offset >= 0, "an offset is not negative")
    let (byteCount, errorNumber) = fill(memory, from: descriptor, at: offset)
    try FileError.check(errorNumber, path, action: "cannot read", creating: false)
    return byteCount
  }

  /// Returns the whole file as memory; nil where the system does not map it, the address space does not suffice, the file is
  /// empty, or its size has changed since it was opened.
  ///
  /// - Complexity: O(1); pages are read when they are used.
  public func mapped() -> MappedFile? {
    guard AvailableMemory.hasAddressSpace(byteCount) else { return nil }
    return MappedFile(descriptor: descriptor, path: path, byteCount: byteCount)
  }
}

/// A file whose content is memory: nothing is read before it is used, and nothing is copied.
///
/// ```swift
/// if let mapped = try FileReader("train-images-idx3-ubyte").mapped() { print(mapped.bytes.count) }
/// ```
///
/// The mapping outlasts the file's name: a file that is replaced by renaming another one over it, as ``FileWriter`` does, or
/// that is removed, stays as it was. One that is written to in place changes under the reader. Where another program cuts
/// the file short, or the disk fails, to use the bytes that are gone is the signal `SIGBUS`, which ends a process
/// unless ``whenLost(_:)`` was called; ``FileReader/read(at:count:)`` makes a copy that none of this concerns.
public final class MappedFile: @unchecked Sendable {
  // Safe to share: the memory is never written to, and goes with the value.

  /// The path.
  public let path: String
  /// The content, readable as long as this value exists.
  public let bytes: UnsafeRawBufferPointer

  private let number: Int32

  /// Nil where the system does not map the file, or it does not have that size.
  fileprivate init?(descriptor: Int32, path: String, byteCount: Int) {
    var status = stat()
    guard byteCount > 0, fstat(descriptor, &status) == 0, Int(status.st_size) == byteCount else { return nil }
    // Neither filled at once (MAP_POPULATE), which took as long as a training's use of the pages does, nor asked for ahead
    // (MADV_WILLNEED), which gained nothing on files that were not in the system's cache: both were measured.
    let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else { return nil }
    number = mnist_note_mapping(start, byteCount, path)
    bytes = UnsafeRawBufferPointer(start: start, count: byteCount)
    self.path = path
    // A mapping whose fault could not be told would be worse than none.
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

  /// What is to happen where a mapped file loses bytes that are in use, for the whole process: `task` is called with the
  /// file's path, on a thread of its own, and ends the process. The thread that needed the bytes does not go on.
  ///
  /// ```swift
  /// MappedFile.whenLost { path in
  ///   print("\(path) was cut short while it was in use")
  ///   exit(74)
  /// }
  /// ```
  ///
  /// It handles the signal `SIGBUS`; what this signal says of any other memory ends the process as it always does. The first
  /// call counts, later ones are without effect.
  public static func whenLost(_ task: @escaping @Sendable (_ path: String) -> Never) {
    let isFirst = lossTask.withLock { found in
      defer { if found == nil { found = task } }
      return found == nil
    }
    guard isFirst else { return }
    // Where it cannot be installed, the system's own end of the process remains.
    _ = mnist_report_lost_mappings { path in
      guard let path, let task = MappedFile.lossTask.withLock({ $0 }) else { return }
      task(String(cString: path))
    }
  }

  private static let lossTask = Mutex<(@Sendable (String) -> Never)?>(nil)
}
