import Datasets
import Foundation

/// MNIST's published files, in the folder that `MNIST_SOURCE_DIR` names.
enum PublishedMNIST {
  /// The folder; nil where they are not.
  static let folder: String? = {
    guard let path = ProcessInfo.processInfo.environment["MNIST_SOURCE_DIR"] else { return nil }
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
