import Datasets
import DurableFiles
import Foundation
import RandomSources
import TestFixtures

/// Data sets for the conversion tests, and a reader of the folders that the tests write.
enum TestDatasets {
  /// Returns random images of 7x5 pixels in 12 classes. By default, 210 of the 300 images are training images.
  static func random(sampleCount: Int = 300, trainingCount: Int = 210) -> ImageDataset {
    var source = SplittableRandomSource(seed: 5)
    // Every class has an image, so that the labels determine the number of classes.
    let labels = (0..<sampleCount).map { $0 < 12 ? UInt8($0) : UInt8.random(in: 0..<12, using: &source) }
    return ImageDataset(
      name: "random", rowCount: 7, columnCount: 5,
      pixels: (0..<sampleCount * 35).map { _ in UInt8.random(in: 0...255, using: &source) },
      labels: labels, trainingCount: trainingCount, classNames: (0..<12).map(String.init))
  }

  /// Returns 300 training images and 100 test images of MNIST.
  static func subset() throws -> ImageDataset {
    try .load(folder: Fixture("mnist-subset").path)
  }

  /// Returns the contents of every file below a folder, by relative path.
  static func files(_ folder: String) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where !FilePaths.isFolder(FilePaths.join(folder, name)) {
      result[name] = try DurableFile.read(FilePaths.join(folder, name))
    }
    return result
  }
}
