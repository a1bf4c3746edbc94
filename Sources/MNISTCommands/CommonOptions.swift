package import ArgumentParser
internal import Datasets
internal import Foundation

/// The options that all programs have.
package struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where data sets are kept.",
      discussion: "Default: $MNIST_DATA_DIR, else $XDG_CACHE_HOME/mnist-toolkit, else ~/.cache/mnist-toolkit.",
      valueName: "folder"))
  package var dataDir: String?

  @Flag(name: .shortAndLong, help: "No progress and no remarks; results and errors only.")
  package var quiet = false

  /// Options with nothing set; the parser sets them.
  package init() {}

  /// An empty path would be the root folder's.
  package func validate() throws {
    if dataDir == "" { throw ValidationError("--data-dir is empty, expected a folder") }
  }

  /// The data folder's path.
  package var dataFolder: String {
    dataDir ?? DataFolder.path(environment: ProcessInfo.processInfo.environment)
  }
}
