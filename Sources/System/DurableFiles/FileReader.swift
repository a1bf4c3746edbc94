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

  /// Calls `body` with the open file.
  func withDescriptor<Result>(_ body: (Int32) -> Result) -> Result { body(descriptor) }

  /// The bytes from an offset on: `count` of them, fewer where the file ends before.
  ///
  /// - Throws: ``FileError`` where the system refuses, or memory is missing.
  /// - Precondition: neither number is negative.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "offsets and counts are not negative")
    let available = min(count, max(byteCount - offset, 0))
    try FileError.checkMemory(available, for: path)
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: available) { buffer, done in
      do throws(FileError) {
        done = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills memory of any kind with the bytes from an offset on.
  ///
  /// - Returns: how many there were; fewer than the memory holds only where the file ends before.
  /// - Throws: ``FileError`` where the system refuses.
  /// - Precondition: the offset is not negative.
  public func read(at offset: Int, into memory: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    precondition(offset >= 0, "an offset is not negative")
    var done = 0
    while done < memory.count {
      let got = DurableFile.retrying {
        pread(descriptor, memory.baseAddress! + done, memory.count - done, off_t(offset + done))
      }
      guard got >= 0 else { throw FileError(path: path, action: "cannot read", creating: false) }
      guard got > 0 else { break }
      done += got
    }
    return done
  }
}
