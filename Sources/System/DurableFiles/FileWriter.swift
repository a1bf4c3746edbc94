#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file that is written in pieces and gets its final name only when it is complete.
///
/// ```swift
/// let file = try FileWriter(for: "digits.csv")
/// for line in lines { try file.write(line.utf8) }
/// try file.commit()
/// ```
///
/// Before ``commit()``, the file has a hidden temporary name in the same folder as its destination. A writer that is
/// destroyed without a commit removes its temporary file, and the destination stays unchanged. If the process is
/// killed, the temporary file remains. The next process that writes into the folder removes the temporary file.
public final class FileWriter {
  /// The final path of the file.
  public let path: String

  /// The number of bytes written so far.
  public private(set) var byteCount = 0
  /// The path of the file before the commit.
  private let location: String
  /// The temporary name, or nil inside a staged folder. There the file has its final name from the start.
  private let temporary: TemporaryName?
  private let descriptor: Int32
  private var isOpen = true
  private var pending: [UInt8] = []
  private static let bufferByteCount = 1 << 17

  /// Creates a new file. The commit replaces any file that is at the path.
  ///
  /// - Throws: ``FileError`` if the file cannot be created.
  public convenience init(for path: String) throws(FileError) {
    TemporaryName.removeLeftovers(in: FilePaths.parent(of: path))
    let temporary = TemporaryName(for: path)
    try self.init(at: temporary.path, temporary, reportedAs: path)
  }

  /// Creates a new file with a temporary name. Inside a staged folder, the file has its final name from the start.
  ///
  /// - Parameter path: The path that errors report.
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

  /// Creates a new file and returns its descriptor. Also locks the file if its name is temporary.
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
      // Another process took the unlocked file for the leftover of a killed process and removed it. Create the file
      // again.
      close(descriptor)
    }
  }

  /// Appends bytes to the file.
  ///
  /// - Throws: ``FileError``. The writer cannot be used after an error.
  public func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    try check(bytes.withRawBytes(append))
  }

  /// Syncs the content to the disk and then renames the file to its final name.
  ///
  /// - Throws: ``FileError``. After an error, the old file at the final path is unchanged.
  public func commit() throws(FileError) {
    precondition(isOpen, "a file can be committed only once")
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

  /// Appends bytes to the buffer, or to the file if the buffer is too small. Returns 0, or the error number.
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

/// A file that grows over several runs of a program and gets its final name when it is complete.
///
/// ```swift
/// let file = try ResumableFile("data.partial")
/// let done = file.byteCount  // the bytes of an earlier run
/// try file.append(bytes)
/// try file.commit(to: "data")
/// ```
///
/// Appended bytes are passed to the system at once, so none are lost if the process is killed. After a power failure,
/// the bytes at the end of the file may be wrong. A program that resumes the file must therefore check the complete
/// file.
public final class ResumableFile {
  /// The path of the file before the commit.
  public let path: String

  /// The current size of the file, in bytes.
  public private(set) var byteCount: Int

  private let descriptor: Int32

  /// Opens a file, or creates an empty one.
  ///
  /// - Throws: ``FileError`` if the file cannot be created or opened, or if the path is not a file.
  public init(_ path: String) throws(FileError) {
    self.path = path
    if FilePaths.exists(path) { _ = try DurableFile.readableByteCount(path) }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, action: "cannot write", creating: true) }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  /// Appends bytes to the file.
  ///
  /// - Throws: ``FileError``. Some of the bytes may have been appended.
  public func append(_ bytes: some Collection<UInt8>) throws(FileError) {
    let errorNumber = bytes.withRawBytes { writeAll($0, to: descriptor) }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
    try FileError.check(errorNumber, path)
  }

  /// Removes all bytes of the file.
  ///
  /// - Throws: ``FileError`` if the system refuses.
  public func empty() throws(FileError) {
    try FileError.check(ftruncate(descriptor, 0) == 0 ? 0 : errno, path)
    byteCount = Int(lseek(descriptor, 0, SEEK_SET))
  }

  /// Syncs the content to the disk and then renames the file to its final name.
  ///
  /// - Throws: ``FileError`` if the content cannot be synced or the file cannot be renamed.
  public func commit(to destination: String) throws(FileError) {
    try FileError.check(DurableFile.sync(descriptor), path)
    try FileError.check(rename(path, destination) == 0 ? 0 : errno, destination)
    try DurableFile.syncFolder(FilePaths.parent(of: destination))
  }
}
