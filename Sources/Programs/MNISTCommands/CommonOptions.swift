package import ArgumentParser
internal import Datasets
internal import Foundation

/// The options that all programs have.
package struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where data sets are kept.",
      discussion: """
        Default: $MNIST_DATA_DIR, else $XDG_CACHE_HOME/mnist-toolkit, else $HOME/.cache/mnist-toolkit; the last two have to \
        be absolute paths.
        """,
      valueName: "folder"))
  package var dataDir: String?

  @Flag(name: .shortAndLong, help: "No progress and no remarks; results and errors only.")
  package var quiet = false

  /// Options with nothing set; the parser sets them.
  package init() {}

  /// Checks that the data folder's path is not empty.
  package func validate() throws {
    try checkNotEmpty(dataDir, "--data-dir", expected: "a folder")
  }

  /// The data folder's path; nil where neither the option nor the environment names one.
  package var dataFolder: String? {
    dataDir ?? DataFolder.path(environment: ProcessInfo.processInfo.environment)
  }
}

/// Throws if the value of an option or argument is empty. An empty path would otherwise be noticed only after some work.
package func checkNotEmpty(_ value: String?, _ name: String, expected: String) throws(ValidationError) {
  if value?.isEmpty == true { throw ValidationError("\(name) is empty, expected \(expected)") }
}
