public import ArgumentParser
internal import Datasets
internal import Experiments
internal import Foundation
public import NeuralNetwork
internal import Workers

/// The options of all programs that use data sets.
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

/// The options that say which model is meant: a run's, or that in a file.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A run folder, whose model is taken. (default: runs/latest)", valueName: "folder"))
  var run: String?

  @Option(help: ArgumentHelp("A model's file, instead of a run.", valueName: "file"))
  var model: String?

  func validate() throws {
    if run != nil, model != nil { throw ValidationError("--run and --model do not go together") }
    try checkNotEmpty(run, "--run", expected: "a folder")
    try checkNotEmpty(model, "--model", expected: "a file")
  }

  /// The run's folder, where no file is named.
  var runFolder: String { run ?? RunFolder.latestPath }

  /// Reads the model.
  func read() throws -> TrainedModel {
    if let model { return try TrainedModel.read(model) }
    try RunFolder.checkExists(runFolder)
    return try TrainedModel.read(RunFolder.path(of: .model, in: runFolder))
  }
}

/// The options that say what the work is done with.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      How many threads share the work, up to one for each processor; the results are the same. The article's training uses \
      more than one only for a wide first layer. (default: one for each processor)
      """)
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The instructions that the inner loops use. (default: the widest that this processor has)",
      discussion: """
        The article's numbers do not depend on it; the other presets' are the same for avx2 and avx512.
        """))
  var instructionSet: InstructionSet?

  /// More than any machine has processors, and fewer than the system refuses.
  private static let maximumThreadCount = 1024

  /// The number of threads to use.
  var threadCount: Int { Self.threadCount(requested: threads) }

  /// Returns the number of threads to use. More than there are processors would only wait for each other.
  static func threadCount(requested: Int?) -> Int {
    min(requested ?? maximumThreadCount, WorkerPool.processorCount)
  }

  /// Throws where a number of threads is none that can be had.
  static func check(threadCount: Int) throws(ValidationError) {
    guard (1...maximumThreadCount).contains(threadCount) else {
      throw ValidationError("--threads is \(threadCount), expected 1 to \(maximumThreadCount)")
    }
  }

  func validate() throws {
    if let threads { try Self.check(threadCount: threads) }
    if let instructionSet, !instructionSet.isAvailable {
      let available = InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
      throw ValidationError("this processor does not have \(instructionSet.rawValue), expected one of \(available)")
    }
  }
}

extension InstructionSet: ExpressibleByArgument {}
