import DatasetFormats
import Datasets
import DurableFiles
import Foundation
import TestFixtures
import Testing

/// The data folder of the tests, which may contain all of MNIST.
private let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"] ?? ""
private let hasFullMNIST = FileManager.default.fileExists(atPath: dataFolder + "/full/train-images-idx3-ubyte")

@Suite("Converting data sets to every format and back")
struct RoundTripTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Checks that a conversion from IDX to a format and back gives the same IDX files, byte for byte.
  private func check(_ data: ImageDataset, _ format: DatasetFormat) throws {
    try data.write(to: scratch("before"), as: .idx)
    let first = try ImageDataset.read(scratch("before"))
    try first.write(to: scratch("between"), as: format)
    #expect(try DatasetFormat(of: scratch("between")) == format)
    let second = try ImageDataset.read(scratch("between"))
    #expect(second.pixels == data.pixels)
    #expect(second.labels == data.labels)
    #expect(second.trainingCount == data.trainingCount)
    #expect(second.classNames == data.classNames)
    try second.write(to: scratch("after"), as: .idx)
    let before = try TestDatasets.files(scratch("before"))
    #expect(before.count == (data.testCount > 0 ? 4 : 2))
    // `? true : false` keeps `#expect` from printing the dictionaries in full.
    #expect(try TestDatasets.files(scratch("after")) == before ? true : false)
  }

  @Test("images that are not square, in 12 classes, give the same IDX bytes", arguments: DatasetFormat.allCases)
  func random(_ format: DatasetFormat) throws {
    try check(TestDatasets.random(), format)
  }

  @Test("the embedded digits, which have no test part, give the same IDX bytes", arguments: DatasetFormat.allCases)
  func digits(_ format: DatasetFormat) throws {
    try check(.digits(), format)
  }

  @Test("a part of MNIST gives the same IDX bytes", arguments: DatasetFormat.allCases)
  func subset(_ format: DatasetFormat) throws {
    try check(TestDatasets.subset(), format)
  }

  @Test(
    "all of MNIST gives the published IDX bytes",
    .enabled(if: hasFullMNIST, "set MNIST_DATA_DIR to a data folder that mnist-fetch-convert full has filled"),
    arguments: DatasetFormat.allCases)
  func full(_ format: DatasetFormat) throws {
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    try data.write(to: scratch("full"), as: format)
    try ImageDataset.read(scratch("full")).write(to: scratch("raw"), as: .idx)
    for file in DatasetCatalogue.full.files {
      #expect(Checksum.sha256(of: try scratch.bytes("raw/\(file.name)")) == file.sha256)
    }
  }

  @Test(
    "a single part is read back as the same part; a single CSV file is read back as a training part",
    arguments: DatasetFormat.allCases)
  func onePart(_ format: DatasetFormat) throws {
    let data = TestDatasets.random()
    for part in [DataPart.train, .test] {
      let path = scratch(part.rawValue)
      try data.write(to: path, as: format, part: part)
      #expect(try DatasetFormat(of: path) == format)
      let read = try ImageDataset.read(path)
      let indices = part == .train ? 0..<210 : 210..<300
      #expect(read.pixels == data.pixels[indices.lowerBound * 35..<indices.upperBound * 35])
      #expect(read.labels == Array(data.labels[indices]))
      #expect(read.trainingCount == (part == .train || format == .csv ? indices.count : 0))
    }
  }

  @Test("equal data gives equal bytes", arguments: DatasetFormat.allCases)
  func determinism(_ format: DatasetFormat) throws {
    for name in ["a", "b"] { try TestDatasets.random().write(to: scratch(name), as: format) }
    guard FilePaths.isFolder(scratch("a")) else {
      #expect(try scratch.bytes("a") == scratch.bytes("b"))
      return
    }
    #expect(try TestDatasets.files(scratch("a")) == TestDatasets.files(scratch("b")))
  }
}
