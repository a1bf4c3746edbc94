import Foundation
import TestFixtures
import Testing

/// Tests of dumps that cannot be written. The tests expect a one-line error, the right exit status, and unchanged
/// existing files.
@Suite struct DumpFaultTests {
  @Test("on a full disk, the earlier dump stays and no part of the new dump remains")
  func fullDisk() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1"])
    guard let small = try SmallFileSystem(byteCount: 400_000) else {
      print("fullDisk: skipped, mounting a small file system needs root on Linux")
      return
    }
    func dump(_ arguments: [String]) throws -> ProgramRun {
      try ProgramRun("mnist-dump-errors", ["run", "--output", small.path + "/errors"] + arguments, in: folder.path)
    }
    #expect(try dump(["--limit", "3"]).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: small.path + "/errors").sorted()
    let full = try dump(["--all", "--scale", "40"])
    #expect(full.status == 74, "\(full.errors)")
    #expect(full.errorLines.count == 1 && full.errors.contains("No space left on device"), "\(full.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.path) == ["errors"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.path + "/errors").sorted() == names)
  }

  @Test(
    "files, links and folders that are not dumps stay unchanged, and so do folders without write permission",
    arguments: [
      ("file", "a file is there"), ("file/errors", "file"), ("dangling", "a link to a missing target"),
      ("/proc/errors", "/proc"),
      ("taken", "the folder holds letter.txt"), ("lists", "the folder holds errors.csv"),
    ])
  func inTheWay(_ output: String, _ text: String) throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1"])
    try folder.write("mine".utf8, to: "file")
    try folder.write("mine".utf8, to: "taken/letter.txt")
    try folder.write("when,what\n".utf8, to: "lists/errors.csv")
    try FileManager.default.createSymbolicLink(atPath: folder("dangling"), withDestinationPath: "nowhere")
    for arguments in [[], ["--suspects", "2", "--quiet"]] {
      try BadInputTests.expect(73, text, "mnist-dump-errors", ["run", "--output", output] + arguments, in: folder)
    }
    #expect(try folder.text("file") == "mine" && folder.text("lists/errors.csv") == "when,what\n")
    #expect(folder.names(in: "taken") == ["letter.txt"])
  }
}
