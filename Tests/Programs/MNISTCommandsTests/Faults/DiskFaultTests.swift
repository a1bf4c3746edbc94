import Foundation
import TestFixtures
import Testing

@Suite struct DiskFaultTests {
  @Test("a full disk gives an error with exit status 74, and no file under a final name")
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

  @Test("if only the report page cannot be written, the run is saved without it, and its errors can be dumped")
  func pageTooLarge() throws {
    let folder = try ScratchFolder()
    // The limit is 80 blocks of 512 bytes. This limit is enough for the model and the tables, and too little for the
    // page.
    let run = try ProgramRun(
      "/bin/sh", ["-c", "ulimit -f 80; exec mnist-train --epochs 1 --quiet --output run"], in: folder.path)
    #expect(run.status == 74)
    #expect(run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.contains("run/report.html: cannot write: File too large; saved in run without report.html"))
    #expect(run.output.contains("Accuracy: "))
    #expect(
      folder.names(in: "run") == [
        "config.json", "cost.svg", "history.csv", "metrics.json", "model.safetensors", "predictions.csv", "report.txt",
      ])
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--limit", "3"], in: folder.path).status == 0)
    #expect(try ProgramRun("mnist-train", ["--epochs", "1", "--output", "run"], in: folder.path).status == 0)
    #expect(folder.names(in: "run").contains("report.html"))
  }

  @Test("a full disk for standard output gives an error")
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

  @Test("if the limit on open files prevents the replacement of a run, the error says so")
  func openFiles() throws {
    let folder = try ScratchFolder()
    let command = "mnist-train --epochs 1 --quiet --output run"
    #expect(try ProgramRun("/bin/sh", ["-c", command], in: folder.path).status == 0)
    let run = try ProgramRun("/bin/sh", ["-c", "ulimit -n 5; exec \(command)"], in: folder.path)
    #expect(run.status == 73)
    #expect(run.errors.contains("Too many open files"), "\(run.errors)")
  }

  @Test("a folder without write permission gives a one-line error")
  func readOnly() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: folder("locked"), withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder("locked"))
    // Permissions do not restrict root, but even root cannot create folders in /sys.
    let target = FileManager.default.isWritableFile(atPath: folder("locked")) ? "/sys/run" : folder("locked/run")
    let run = try ProgramRun("mnist-train", ["--output", target], in: folder.path)
    #expect(run.status == 73)
    #expect(run.errorLines.count == 1)
  }
}
