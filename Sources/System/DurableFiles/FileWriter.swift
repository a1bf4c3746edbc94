#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file that is written piece by piece, and appears under its name whole or not at all.
///
/// ```swift
/// let file = try FileWriter(for: "digits.csv")
/// for line in lines { try file.write(line.utf8) }
/// try file.commit()
/// ```
///
/// Until it is committed it lies beside its destination under a hidden temporary name; left uncommitted, it is removed, and
/// what was at the destination stays. What a killed process leaves is removed by the next one that writes into the folder.
public final class FileWriter {
  /// The final name.
  public let path: String

  /// The bytes written so far.
  public private(set) var byteCount = 0
  /// Where the file lies until it is committed.
  private let location: String
  /// The name that it has until then; nil inside a staged folder, where it has its final name already.
  private let temporary: TemporaryName?
  private let descriptor: Int32
  private var isOpen = true
  private var pending: [UInt8] = []
  private static let bufferByteCount = 1 << 17

  /// Begins a file, which will take the place of one that is at the path.
  ///
  /// - Throws: ``FileError`` where it cannot be made.
  public convenience init(for path: String) throws(FileError) {
    TemporaryName.removeLeftovers(in: FilePaths.parent(of: path))
    let temporary = TemporaryName(for: path)
    try self.init(at: temporary.path, temporary, reportedAs: path)
  }

  /// Begins a file: under its temporary name, or in a folder that is staged itself, under its own one. `path` is what errors
  /// name.
  init(at location: String, _ temporary: TemporaryName? = nil, reportedAs path: String) throws(FileError) {
    self.path = path
    self.location = location
    self.temporary = temporary
    if let temporary {
      descriptor = try UnfinishedOutputs.begin(temporary) { () throws(FileError) in
        try Self.create(location, isLocked: true, reportedAs: path)
      }
    } else {
      descriptor = try Self.create(location, isLocked: false, reportedAs: path)
    }
  }

  /// Creates a new file, and where it has a temporary name, locks it. Returns its descriptor.
  private static func create(
    _ location: String, isLocked: Bool, reportedAs path: String
  ) throws(FileError) -> Int32 {
    while true {
      let descriptor = open(location, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(path: path, action: "cannot write", creating: true) }
      guard isLocked else { return descriptor }
      flock(descriptor, LOCK_EX | LOCK_NB)
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_nlink > 0 { return descriptor }
      // Before it was locked, another process took it for a leftover.
      close(descriptor)
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError``. The writer is of no further use then.
  public func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    try check(bytes.withRawBytes(append))
  }

  /// Gives the file its name, after its content has reached the disk.
  ///
  /// - Throws: ``FileError``; the path then holds what it held before.
  public func commit() throws(FileError) {
    precondition(isOpen, "a file is committed once")
    try check(flush())
    var errorNumber = DurableFile.sync(descriptor)
    isOpen = false
    if close(descriptor) != 0, errorNumber == 0 { errorNumber = errno }
    if errorNumber == 0, temporary != nil {
      errorNumber = UnfinishedOutputs.commit { rename(location, path) == 0 ? 0 : errno }
    }
    if errorNumber != 0 { unlink(location) }
    if let temporary { UnfinishedOutputs.forget(temporary) }
    try check(errorNumber)
    if temporary != nil { try DurableFile.syncFolder(FilePaths.parent(of: path)) }
  }

  deinit {
    guard isOpen else { return }
    close(descriptor)
    unlink(location)
    if let temporary { UnfinishedOutputs.forget(temporary) }
  }

  /// Returns 0, or the error number.
  private func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    byteCount += bytes.count
    if pending.count + bytes.count > Self.bufferByteCount {
      let failure = flush()
      guard failure == 0 else { return failure }
    }
    if bytes.count > Self.bufferByteCount { return writeAll(bytes, to: descriptor) }
    pending.append(contentsOf: bytes)
    return 0
  }

  private func flush() -> Int32 {
    let failure = pending.withUnsafeBytes { writeAll($0, to: descriptor) }
    pending.removeAll(keepingCapacity: true)
    return failure
  }

  private func check(_ errorNumber: Int32) throws(FileError) { try FileError.check(errorNumber, path) }
}

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
