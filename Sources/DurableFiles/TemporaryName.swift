#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The hidden name beside a path under which something lies until it is whole: `.NAME.HOST-PROCESS-NUMBER.partial`.
///
/// It tells who made it, so that what a killed process left can be removed by the next one.
package struct TemporaryName {
  private static let suffix = ".partial"

  /// The whole path.
  let path: String

  /// Chooses a name that nobody uses, beside a path.
  init(for path: String) {
    let owner = "\(Self.host)-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    self.path = FilePaths.join(FilePaths.parent(of: path), Self.prefix(for: path) + owner + Self.suffix)
  }

  /// Whether a name is one of these.
  package static func matches(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(suffix) && owner(of: name) != nil
  }

  /// Removes what processes of this machine that are gone have left beside a path.
  static func removeLeftovers(of path: String) {
    let folder = FilePaths.parent(of: path)
    for name in (try? FilePaths.names(in: folder)) ?? [] where name.hasPrefix(prefix(for: path)) {
      guard let owner = owner(of: name), owner.host == host, owner.process != getpid() else { continue }
      if kill(owner.process, 0) != 0, errno == ESRCH { FilePaths.remove(FilePaths.join(folder, name)) }
    }
  }

  /// A long name is cut, so that the rest still fits into what file systems allow.
  private static func prefix(for path: String) -> String {
    let name = FilePaths.name(of: path)
    var start = name
    while start.utf8.count > 150 { start.removeLast() }
    return ".\(start)."
  }

  /// The machine, in 8 hexadecimal digits: process numbers mean nothing on another one that shares the folder.
  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "00000000" }
    // FNV-1a: any hash that is the same in every process.
    let hash = name.prefix { $0 != 0 }.reduce(2_166_136_261 as UInt32) { hash, byte in
      (hash ^ UInt32(UInt8(bitPattern: byte))) &* 16_777_619
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }()

  private static func owner(of name: String) -> (host: String, process: Int32)? {
    let parts = name.dropLast(suffix.count).split(separator: ".").last?.split(separator: "-") ?? []
    guard parts.count == 3, parts[0].count == 8, let process = Int32(parts[1]), process > 0, UInt32(parts[2]) != nil
    else { return nil }
    return (String(parts[0]), process)
  }
}
