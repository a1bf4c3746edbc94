import DurableFiles
import Foundation
import TestFixtures
import Testing

#if os(Linux) || os(macOS)
  @Suite struct UnfinishedOutputsTests {
    private static let fileCount = 40

    @Test(
      "a process that ends while a thread replaces a folder leaves a complete folder and no hidden files",
      arguments: 0..<16)
    func endWhileReplacing(_ turn: Int) async {
      await #expect(processExitsWith: .success) { [turn] in
        let scratch = try ScratchFolder()
        try Self.writeFolder(scratch("out"), "0")
        Thread.detachNewThread {
          var number = 1
          while true {
            try? Self.writeFolder(scratch("out"), "\(number)")
            number += 1
          }
        }
        usleep(UInt32(2000 + turn * 1700))
        UnfinishedOutputs.removeAll {
          let contents = scratch.names(in: "out").map { try? scratch.text("out/\($0)") }
          let isComplete = contents.count == Self.fileCount && Set(contents).count == 1
          let isAlone = scratch.names == ["out"]
          try? FileManager.default.removeItem(atPath: scratch.path)
          _exit(isComplete && isAlone ? 0 : 1)
        }
      }
    }

    @Test("a process is not ended if its output has received its final name in the meantime")
    func endAfterCommit() async {
      await #expect(processExitsWith: .exitCode(7)) {
        let scratch = try ScratchFolder()
        let committedCount = UnfinishedOutputs.committedCount
        try Self.writeFolder(scratch("out"), "0")
        UnfinishedOutputs.removeAll(ifCommitted: committedCount) { exit(1) }
        try FileManager.default.removeItem(atPath: scratch.path)
        UnfinishedOutputs.removeAll(ifCommitted: committedCount + 1) { exit(7) }
      }
    }

    private static func writeFolder(_ path: String, _ content: String) throws(FileError) {
      let folder = try StagedFolder(for: path) { _ in nil }
      let files = try folder.folderForManyFiles()
      for number in 0..<fileCount { try files.write(content.utf8, as: "\(number)") }
      try folder.commit()
    }
  }
#endif
