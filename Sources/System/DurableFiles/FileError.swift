package import Memory

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The error for a failed file operation.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of failure. The kinds do not depend on the system's error numbers.
  public enum Kind: Sendable {
    /// The file or folder to be read does not exist.
    case missing
    /// The output cannot be created. For example, the user lacks permission, a folder has the same path, or the name is
    /// too long.
    case cannotCreate
    /// There is not enough memory for the content.
    case memory
    /// Reading or writing failed. For example, the disk is full or the device is faulty.
    case failed
    /// The file is larger than its reader allows.
    case tooLarge
  }

  /// The kind of failure.
  public let kind: Kind
  /// The path of the file or folder.
  public let path: String
  /// The failed action, such as `cannot write`.
  public let action: String
  /// The reason for the failure, in the words of the system or of this library.
  public let reason: String

  /// Creates an error with a reason in this library's words.
  public init(kind: Kind, path: String, action: String, reason: String) {
    self.kind = kind
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// Creates an error from the system's error number.
  ///
  /// - Parameter creating: Whether the failed operation creates an output. If so, most errors get the kind
  ///   ``Kind/cannotCreate``.
  init(path: String, action: String, creating: Bool, errorNumber: Int32 = errno) {
    let kind: Kind =
      switch errorNumber {
      case ENOSPC, EDQUOT, EIO, EFBIG: .failed
      case ENOENT, ENOTDIR: creating ? .cannotCreate : .missing
      default: creating ? .cannotCreate : .failed
      }
    var reason = String(cString: strerror(errorNumber))
    // U+FFFD in the path replaces bytes that are not valid UTF-8. The system cannot find a file under the changed path.
    if errorNumber == ENOENT, path.unicodeScalars.contains("\u{FFFD}") {
      reason += " (a name that is not valid UTF-8 cannot be opened; rename the file)"
    }
    self.init(kind: kind, path: path, action: action, reason: reason)
  }

  /// Checks that enough memory is available for the content of a file.
  ///
  /// - Throws: ``FileError`` of the kind ``Kind/memory``. Its reason contains the needed memory.
  package static func checkMemory(
    _ byteCount: Int, for path: String, action: String = "cannot read"
  ) throws(FileError) {
    if let error = AvailableMemory.shortage(of: byteCount) { throw FileError(error, for: path, action: action) }
  }

  /// Throws an error if `errorNumber` is not 0.
  static func check(
    _ errorNumber: Int32, _ path: String, action: String = "cannot write", creating: Bool = true
  ) throws(FileError) {
    guard errorNumber != 0 else { return }
    throw FileError(path: path, action: action, creating: creating, errorNumber: errorNumber)
  }

  /// Creates the error for a file that needs more memory than is available.
  package init(_ error: MemoryError, for path: String, action: String = "cannot read") {
    self.init(kind: .memory, path: path, action: action, reason: "it \(error)")
  }

  /// One sentence with the path, the action and the reason.
  public var description: String { "\(path): \(action): \(reason)" }
}
