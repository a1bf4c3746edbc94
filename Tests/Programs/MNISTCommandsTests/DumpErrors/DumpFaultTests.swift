import Foundation
import TestFixtures
import Testing

/// Places where a dump cannot be made: one line, the right exit status, and what was there before is there still.
@Suite struct DumpFaultTests {
  @Test("a full disk leaves the dump of before, and no half of a new one")
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
    "files and links in the way, and folders that may not be written, are left as they are",
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
