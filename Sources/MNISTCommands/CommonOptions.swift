internal import ArgumentParser
internal import Datasets
internal import Foundation

/// The options that all programs have.
struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where data sets are kept.",
      discussion: "Default: $MNIST_DATA_DIR, else $XDG_CACHE_HOME/mnist-toolkit, else ~/.cache/mnist-toolkit.",
      valueName: "folder"))
  var dataDir: String?

  @Flag(name: .shortAndLong, help: "No progress and no remarks; results and errors only.")
  var quiet = false

  /// The data folder's path.
  var dataFolder: String {
    dataDir ?? DataFolder.path(environment: ProcessInfo.processInfo.environment)
  }
}
