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
  /// - Throws: ``FileError`` where the system refuses.
  /// - Precondition: neither number is negative.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "offsets and counts are not negative")
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: min(count, max(byteCount - offset, 0))) { buffer, done in
      done = 0
      while done < buffer.count {
        let got = DurableFile.retrying {
          pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
        }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        done += got
      }
    }
    if let failure { throw FileError(path: path, action: "cannot read", creating: false, errorNumber: failure) }
    return bytes
  }
}
