#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The hidden name of an unfinished output, beside its final path: `.NAME.mnist-NUMBER.partial`.
///
/// The process that writes the output keeps it locked. What a killed process leaves is not locked any more, on whichever
/// machine or in whichever container it ran, and so the next process that writes into the folder can remove it.
package struct TemporaryName {
  private static let mark = ".mnist-"
  private static let suffix = ".partial"
  private static let digitCount = 16

  /// The whole path.
  let path: String

  /// Chooses a name that nobody uses, beside a path.
  init(for path: String) {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    let number = String(repeating: "0", count: Self.digitCount - digits.count) + digits
    // Cut, so that the rest fits into the 255 bytes that file systems allow.
    var start = FilePaths.name(of: path)
    while start.utf8.count > 150 { start.removeLast() }
    self.path = FilePaths.join(FilePaths.parent(of: path), "." + start + Self.mark + number + Self.suffix)
  }

  /// Returns whether a name is one of these.
  package static func matches(_ name: String) -> Bool {
    guard name.hasPrefix("."), name.hasSuffix(suffix) else { return false }
    let end = name.dropLast(suffix.count)
    return end.dropLast(digitCount).hasSuffix(mark) && end.suffix(digitCount).allSatisfy(\.isHexDigit)
  }

  /// Removes what killed processes have left in a folder.
  static func removeLeftovers(in folder: String) {
    for name in (try? FilePaths.names(in: folder)) ?? [] where matches(name) {
      let path = FilePaths.join(folder, name)
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      // Refused where another process writes it, and by file systems without locks.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { FilePaths.remove(path) }
      close(descriptor)
    }
  }
}
