internal import Foundation

/// A file system of a few kilobytes, where the system lets one be made; removed with the value.
public final class SmallFileSystem {
  /// Where it is mounted.
  public let path: String
  private let folder: ScratchFolder

  /// Nil where this user may not mount.
  public init?(byteCount: Int) throws {
    #if os(Linux)
      folder = try ScratchFolder()
      path = folder.path
      guard try Self.run("mount", "-t", "tmpfs", "-o", "size=\(byteCount)", "tmpfs", path) else { return nil }
    #else
      return nil
    #endif
  }

  deinit { _ = try? Self.run("umount", path) }

  private static func run(_ arguments: String...) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
