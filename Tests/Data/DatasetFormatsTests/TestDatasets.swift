import Datasets
import DurableFiles
import Foundation
import RandomSources
import TestFixtures

/// Data sets that conversions are tried with, and what lies in the folders that they leave.
enum TestDatasets {
  /// 300 random images of 7x5 in 12 classes, 90 of them in the test part.
  static func random(sampleCount: Int = 300, trainingCount: Int = 210) -> ImageDataset {
    var source = SplittableRandomSource(seed: 5)
    // Every class has its image, so that the labels tell how many there are.
    let labels = (0..<sampleCount).map { $0 < 12 ? UInt8($0) : UInt8.random(in: 0..<12, using: &source) }
    return ImageDataset(
      name: "random", rowCount: 7, columnCount: 5,
      pixels: (0..<sampleCount * 35).map { _ in UInt8.random(in: 0...255, using: &source) },
      labels: labels, trainingCount: trainingCount, classNames: (0..<12).map(String.init))
  }

  /// 300 + 100 images of MNIST.
  static func subset() throws -> ImageDataset {
    try .load(folder: Fixture("mnist-subset").path)
  }

  /// Every file below a folder, by its path there.
  static func files(_ folder: String) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where !FilePaths.isFolder(FilePaths.join(folder, name)) {
      result[name] = try DurableFile.read(FilePaths.join(folder, name))
    }
    return result
  }
}
