import Foundation
import IDX
import TestFixtures
import Testing

@Suite struct LostDataFileTests {
  @Test("if a data file is truncated during training, mnist-train ends with one line, status 74 and no run folder")
  func cutShort() throws {
    let folder = try ScratchFolder()
    let images = IDXArray((0..<400 * 4096).map { UInt8(truncatingIfNeeded: $0 / 3) }, dimensions: [400, 64, 64])
    let labels = IDXArray((0..<400).map { UInt8($0 % 3) }, dimensions: [400])
    try folder.write(images.encoded(), to: "set/train-images-idx3-ubyte")
    try folder.write(labels.encoded(), to: "set/train-labels-idx1-ubyte")
    try folder.write([], to: "output")
    let run = try ProgramRun(
      "mnist-train", ["--dataset", "set", "--epochs", "10000000", "--output", "runs/new"], in: folder.path,
      outputPath: folder("output")
    ) { _ in
      // The first line of output shows that the data set is loaded.
      Thread.detachNewThread {
        while (try? folder.bytes("output").isEmpty) ?? false { Thread.sleep(forTimeInterval: 0.02) }
        let file = FileHandle(forWritingAtPath: folder("set/train-images-idx3-ubyte"))
        try? file?.truncate(atOffset: 100)
      }
    }
    #expect(run.status == 74)
    let lines = run.errorLines.filter { !$0.hasPrefix("epoch ") }
    #expect(lines.count == 1)
    #expect(
      lines.first?.contains("set/train-images-idx3-ubyte: cannot read: the file was cut short while it was in use")
        == true, "\(run.errors)")
    #expect(lines.first?.hasPrefix("mnist-train: ") == true)
    #expect(folder.names(in: "runs") == [])
  }
}
