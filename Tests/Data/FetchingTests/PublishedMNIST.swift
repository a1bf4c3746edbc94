import Datasets
import Foundation

/// MNIST's published files in the folder that the environment variable `MNIST_SOURCE_DIR` names.
enum PublishedMNIST {
  /// The folder with the files; nil if a file is missing or the variable is not set.
  static let folder: String? = {
    guard let path = ProcessInfo.processInfo.environment["MNIST_SOURCE_DIR"] else { return nil }
    let isComplete = DatasetCatalogue.full.published.allSatisfy {
      FileManager.default.fileExists(atPath: "\(path)/\($0.name)")
    }
    return isComplete ? path : nil
  }()

  /// The contents of the files by name; empty if there is no folder with all files.
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

  /// Returns whether a data folder has all files of MNIST with the right checksums.
  static func isComplete(in dataFolder: String) -> Bool {
    DatasetInstaller(dataFolder: dataFolder).isComplete(DatasetCatalogue.full)
  }
}
