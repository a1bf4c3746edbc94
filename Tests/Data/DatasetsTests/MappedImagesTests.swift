import Datasets
import DurableFiles
import Foundation
import IDX
import TestFixtures
import Testing

/// The path of the data folder in the environment variable `MNIST_DATA_DIR`; empty if the variable is not set.
private let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"] ?? ""
/// Whether MNIST is installed in the data folder.
private let hasFullMNIST = FileManager.default.fileExists(atPath: dataFolder + "/full/train-images-idx3-ubyte")

@Suite struct MappedImagesTests {
  /// Returns whether the pixels are mapped. Mapped pixels have one segment for each image file.
  private func areMapped(_ data: ImageDataset) -> Bool {
    data.pixels.withUnsafeSegments { $0.count } == (data.testCount == 0 || data.trainingCount == 0 ? 1 : 2)
  }

  private func write(_ images: [[Int]], to folder: ScratchFolder) throws {
    for (prefix, shape) in zip(["train", "t10k"], images) {
      let pixels = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
      try folder.write(IDXArray(pixels, dimensions: shape).encoded(), to: prefix + "-images-idx3-ubyte")
      let labels = (0..<shape[0]).map { UInt8($0 % 10) }
      try folder.write(IDXArray(labels, dimensions: [shape[0]]).encoded(), to: prefix + "-labels-idx1-ubyte")
    }
  }

  @Test("mapped images equal images that are read, for several sizes and counts")
  func equality() throws {
    for shapes in [[[1, 1, 1], [1, 1, 1]], [[4, 2, 3], [2, 2, 3]], [[7, 33, 61], [5, 33, 61]], [[3, 64, 64]]] {
      let folder = try ScratchFolder()
      try write(shapes, to: folder)
      let mapped = try ImageDataset.load(folder: folder.path, minimumMappedByteCount: 0)
      let read = try ImageDataset.load(folder: folder.path, minimumMappedByteCount: .max)
      #expect(areMapped(mapped) && mapped == read && read.pixels.withUnsafeSegments { $0.count } == 1)
      for index in 0..<read.count {
        #expect(mapped.image(index).withContiguousStorageIfAvailable { Array($0) } == Array(read.image(index)))
      }
      let order = Array((0..<read.count).reversed())
      #expect(mapped.pixels(at: order) == read.pixels(at: order))
      #expect(Checksum.sha256(of: mapped.pixels, mapped.labels) == Checksum.sha256(of: read.pixels, read.labels))
    }
  }

  @Test("the sizes of both parts together decide whether the files are mapped")
  func parts() throws {
    let folder = try ScratchFolder()
    try write([[200, 3, 3], [1, 3, 3]], to: folder)
    #expect(areMapped(try ImageDataset.load(folder: folder.path, minimumMappedByteCount: 1809)))
    #expect(!areMapped(try ImageDataset.load(folder: folder.path, minimumMappedByteCount: 1810)))
  }

  @Test("small files and packed files are read, not mapped", arguments: [false, true])
  func readFiles(_ isPacked: Bool) throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder) { isPacked ? $0 + ".gz" : $0 }
    let data = try ImageDataset.load(folder: folder.path, minimumMappedByteCount: isPacked ? 0 : 1 << 20)
    #expect(data.pixels.withUnsafeSegments { $0.count } == 1)
    #expect(Array(data.image(5)) == [106, 107, 108, 109, 110, 111])
  }

  @Test("a file that is too short or too long gives the same error, whether it is mapped or read", arguments: [-1, 1])
  func wrongLength(_ difference: Int) throws {
    for prefix in ["train", "t10k"] {
      let folder = try ScratchFolder()
      try TinySet().write(to: folder)
      let bytes = try folder.bytes(prefix + "-images-idx3-ubyte")
      try folder.write(difference < 0 ? bytes.dropLast() : bytes + [0], to: prefix + "-images-idx3-ubyte")
      let errors = [0, Int.max].map { size in
        #expect(throws: DatasetError.self) { try ImageDataset.load(folder: folder.path, minimumMappedByteCount: size) }
      }
      #expect(errors[0] == errors[1])
    }
  }

  @Test("replacing a file by renaming does not change a data set that is in use")
  func replaced() throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder)
    let data = try ImageDataset.load(folder: folder.path, minimumMappedByteCount: 0)
    let before = Array(data.pixels)
    try DurableFile.write([UInt8](repeating: 9, count: 3), to: folder("train-images-idx3-ubyte"))
    #expect(areMapped(data) && Array(data.pixels) == before)
    #expect(throws: DatasetError.self) { try ImageDataset.load(folder: folder.path) }
  }

  @Test(
    "MNIST is the same, whether it is mapped or read",
    .enabled(if: hasFullMNIST, "set MNIST_DATA_DIR to a data folder that mnist-fetch-convert full has filled"))
  func full() throws {
    let mapped = try ImageDataset.named("full", dataFolder: dataFolder)
    let read = try ImageDataset.named("full", dataFolder: dataFolder, minimumMappedByteCount: .max)
    #expect(areMapped(mapped) && read.pixels.withUnsafeSegments { $0.count } == 1)
    #expect(mapped == read && mapped.pixels.valueRange == 0...255)
    #expect(mapped.image(60_000) == read.image(60_000) && mapped.image(69_999) == read.image(69_999))
  }
}
