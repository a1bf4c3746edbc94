package import Memory

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A file operation that the system refused.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of failure it is, so that a caller can react without knowing the system's error numbers.
  public enum Kind: Sendable {
    /// The file or folder to be read is not there.
    case missing
    /// An output cannot be made: no permission, not a folder, a folder in the way, a name too long.
    case cannotCreate
    /// There is not enough memory for the content.
    case memory
    /// Reading or writing failed under way: the disk is full, the device fails.
    case failed
    /// The file has more bytes than its reader allows.
    case tooLarge
  }

  /// The kind of failure.
  public let kind: Kind
  /// The file or folder.
  public let path: String
  /// What was being done, such as `cannot write`.
  public let action: String
  /// The reason: the system's own words, or this library's.
  public let reason: String

  /// A failure with a reason that the library gives.
  public init(kind: Kind, path: String, action: String, reason: String) {
    self.kind = kind
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// The failure that `errno` tells of.
  ///
  /// - Parameter creating: whether an output was being made, which makes a refusal a ``Kind/cannotCreate``.
  init(path: String, action: String, creating: Bool, errorNumber: Int32 = errno) {
    let kind: Kind =
      switch errorNumber {
      case ENOSPC, EDQUOT, EIO, EFBIG: .failed
      case ENOENT, ENOTDIR: creating ? .cannotCreate : .missing
      default: creating ? .cannotCreate : .failed
      }
    var reason = String(cString: strerror(errorNumber))
    // What stands for bytes that are no UTF-8: the system cannot find such a name under its repaired text.
    if errorNumber == ENOENT, path.unicodeScalars.contains("\u{FFFD}") {
      reason += " (a name that is not valid UTF-8 cannot be opened; rename the file)"
    }
    self.init(kind: kind, path: path, action: action, reason: reason)
  }

  /// Checks that there is memory for the content of a file that is about to be read or written.
  ///
  /// - Throws: An error of the kind ``Kind/memory`` that says how much is needed.
  package static func checkMemory(
    _ byteCount: Int, for path: String, action: String = "cannot read"
  ) throws(FileError) {
    if let error = AvailableMemory.shortage(of: byteCount) { throw FileError(error, for: path, action: action) }
  }

  /// Checks what a step with a file returned: 0, or the error number.
  static func check(
    _ errorNumber: Int32, _ path: String, action: String = "cannot write", creating: Bool = true
  ) throws(FileError) {
    guard errorNumber != 0 else { return }
    throw FileError(path: path, action: action, creating: creating, errorNumber: errorNumber)
  }

  /// Creates the error for a file whose content needs more memory than there is.
  package init(_ error: MemoryError, for path: String, action: String = "cannot read") {
    self.init(kind: .memory, path: path, action: action, reason: "it \(error)")
  }

  /// One sentence with the path and the reason.
  public var description: String { "\(path): \(action): \(reason)" }
}
