import Foundation
import TestFixtures
import Testing

/// A file system of a few kilobytes, where the system lets one be made; removed with the value.
private final class SmallFileSystem {
  let path: String
  private let folder: ScratchFolder

  /// Nil where this user may not mount.
  init?(byteCount: Int) throws {
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

@Suite struct DiskFaultTests {
  @Test("a full disk is told, with exit status 74, and leaves nothing under a final name")
  func fullDisk() throws {
    guard let small = try SmallFileSystem(byteCount: 16384) else {
      print("fullDisk: skipped, mounting a small file system needs root on Linux")
      return
    }
    let run = try ProgramRun("mnist-train", ["--epochs", "1", "--quiet", "--output", "run"], in: small.path)
    #expect(run.status == 74)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("No space left on device") && run.errors.contains("run/"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.path) == [])
  }

  @Test("a full disk behind standard output is told")
  func fullOutput() throws {
    let folder = try ScratchFolder()
    for (program, arguments) in [("mnist-train", ["--epochs", "1", "--quiet"]), ("mnist-train", ["--help"])] {
      guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
      let run = try ProgramRun(program, arguments, in: folder.path, outputPath: "/dev/full")
      #expect(run.status == 74)
      #expect(run.errors.contains("standard output: cannot write"), "\(run.errors)")
      #expect(run.errorLines.count == 1)
    }
  }

  @Test("a folder that may not be written is told")
  func readOnly() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: folder("locked"), withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder("locked"))
    // Permissions do not hold root back; a system file system does.
    let target = FileManager.default.isWritableFile(atPath: folder("locked")) ? "/sys/run" : folder("locked/run")
    let run = try ProgramRun("mnist-train", ["--output", target], in: folder.path)
    #expect(run.status == 73)
    #expect(run.errorLines.count == 1)
  }
}
