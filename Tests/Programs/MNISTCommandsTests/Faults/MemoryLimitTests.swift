import DatasetFormats
import Datasets
import Foundation
import TestFixtures
import Testing

#if os(Linux)
  /// Tests with a limited address space. The command `ulimit -v` takes kilobytes. With the lowest limits, the system
  /// cannot load the programs' libraries.
  @Suite struct MemoryLimitTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func run(_ command: String, limit: Int) throws -> ProgramRun {
      try ProgramRun("/bin/sh", ["-c", "ulimit -v \(limit) && exec \(command)"], in: folder.path)
    }

    @Test("a network that is too large for the memory gives a one-line error with the memory that it needs")
    func network() throws {
      let run = try run("mnist-train --quiet --output run --architecture 64,1000000,200,10", limit: 200_000)
      #expect(run.status == 64)
      #expect(run.errorLines.count == 1 && run.errors.contains("the training needs"), "\(run.errors)")
      #expect(folder.names.filter { $0.hasPrefix(".") } == [])
    }

    @Test("with any limit, a program succeeds or gives a one-line error with the memory that it needs")
    func anyLimit() throws {
      let count = 20_000
      let data = ImageDataset(
        name: "many", rowCount: 28, columnCount: 28,
        pixels: (0..<count * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) },
        labels: (0..<count).map { UInt8($0 % 10) }, trainingCount: count, classNames: (0...9).map(String.init))
      try data.write(to: folder("idx"), as: .idx)
      try data.write(to: folder("gz"), as: .idxGzip)
      try data.write(to: folder("many.npz"), as: .npz)
      try data.write(to: folder("many.csv"), as: .csv)
      let before = folder.names
      let train = "mnist-train --preset fast --epochs 1 --quiet --output run --dataset"
      var statuses: Set<Int32> = []
      for input in ["idx", "gz", "many.npz", "many.csv"] {
        for limit in stride(from: 90_000, through: 330_000, by: 20_000) {
          let run = try run("\(train) \(input)", limit: limit)
          if run.status == 127 { continue }
          statuses.insert(run.status)
          #expect([0, 64, 65].contains(run.status), "\(input) within \(limit) kB: \(run.status) \(run.errors)")
          if run.status != 0 {
            #expect(run.errorLines.count == 1 && run.errors.contains("MB of memory"), "\(run.errors)")
          }
          try? FileManager.default.removeItem(atPath: folder("run"))
          #expect(folder.names == before)
        }
      }
      #expect(statuses == [0, 64, 65])
    }
  }
#endif
