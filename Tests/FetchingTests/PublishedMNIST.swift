import Datasets
import Foundation
import TestFixtures

/// MNIST's published files, where they lie on this machine.
enum PublishedMNIST {
  /// The folder; nil where they are not.
  static let folder: String? = {
    let package = URL(filePath: Fixture("").path).deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["MNIST_SOURCE_DIR"]
    let path = named ?? package.deletingLastPathComponent().appending(path: "shared/data/mnist").path
    let isComplete = DatasetCatalogue.full.published.allSatisfy {
      FileManager.default.fileExists(atPath: "\(path)/\($0.name)")
    }
    return isComplete ? path : nil
  }()

  /// The files by name; none where they are not.
  static let files: [String: [UInt8]] = {
    guard let folder else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: DatasetCatalogue.full.published.map {
        ($0.name, (try? [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\($0.name)")))) ?? [])
      })
  }()

  static let names = [
    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
  ]

  /// Whether a data folder holds all of MNIST, each file with the right checksum.
  static func isComplete(in dataFolder: String) -> Bool {
    DatasetInstaller(dataFolder: dataFolder).isComplete(DatasetCatalogue.full)
  }
}
