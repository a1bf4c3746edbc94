internal import Foundation

/// A file system of a few kilobytes. The file system is removed when this value is destroyed.
public final class SmallFileSystem {
  /// The path at which the file system is mounted.
  public let path: String
  private let folder: ScratchFolder

  /// Mounts a file system of `byteCount` bytes. Returns nil if this user may not mount file systems.
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
