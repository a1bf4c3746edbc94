public import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Experiments
internal import Foundation
public import NeuralNetwork
internal import Workers

/// The options of all programs that read data sets.
package struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data folder, in which mnist-fetch-convert stores data sets.",
      discussion: """
        Default: $MNIST_DATA_DIR if it is set, otherwise $XDG_CACHE_HOME/mnist-toolkit, otherwise \
        $HOME/.cache/mnist-toolkit. Relative paths in XDG_CACHE_HOME and HOME are ignored.
        """,
      valueName: "folder"), completion: .directory)
  package var dataDir: String?

  @Flag(name: .shortAndLong, help: "Write only results and errors, no progress and no notes.")
  package var quiet = false

  /// Creates the options. The argument parser then sets their values.
  package init() {}

  /// Checks that the data folder's path is not empty.
  ///
  /// - Throws: `ValidationError` if the path is empty.
  package func validate() throws {
    try checkNotEmpty(dataDir, "--data-dir", expected: "a folder")
  }

  /// The path of the data folder; nil if neither the option nor the environment contains a path.
  package var dataFolder: String? {
    dataDir ?? DataFolder.path(environment: ProcessInfo.processInfo.environment)
  }
}

extension CommonOptions {
  /// Returns the command that fetches a data set into the data folder.
  package func fetchCommand(for name: String) -> String {
    ImageDataset.fetchCommand(for: name, dataFolder: dataFolder)
  }
}

/// Checks that the value of an option or argument is not empty.
///
/// - Parameters:
///   - value: The value; nil if the option was not given.
///   - name: The name of the option or argument in the message.
///   - expected: The kind of value that is expected, such as `a folder`.
/// - Throws: `ValidationError` if the value is empty.
package func checkNotEmpty(_ value: String?, _ name: String, expected: String) throws(ValidationError) {
  if value?.isEmpty == true { throw ValidationError("\(name) is empty, expected \(expected)") }
}

/// The options that select the model: a run folder or a model file.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The run folder whose model is used. (default: runs/latest)", valueName: "folder"),
    completion: .directory)
  var run: String?

  @Option(
    help: ArgumentHelp("The model file to use instead of a run folder, such as model.safetensors.", valueName: "file"),
    completion: .file())
  var model: String?

  func validate() throws {
    if run != nil, model != nil { throw ValidationError("--run and --model cannot be combined; give only one of them") }
    try checkNotEmpty(run, "--run", expected: "a folder")
    try checkNotEmpty(model, "--model", expected: "a file")
  }

  /// The path of the run folder. The run folder is used if no model file is given.
  var runFolder: String { run ?? RunFolder.latestPath }

  /// Reads the model from the model file or the run folder.
  func read() throws -> TrainedModel {
    if let model { return try TrainedModel.read(model) }
    try RunFolder.checkExists(runFolder)
    let path = RunFolder.path(of: .model, in: runFolder)
    guard FilePaths.exists(path) else {
      throw CommandFailure(.missingInput, "\(runFolder): not a run folder: \(RunFolder.File.model.rawValue) is missing")
    }
    return try TrainedModel.read(path)
  }
}

/// The options for the number of threads and the processor's instruction set.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      The number of threads, 1 to 1024. At most one thread for each processor is used. The results do not depend on this \
      number. With the preset article, several threads are used only if the first layer is wide. (default: one for each \
      processor)
      """)
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The processor instructions for the computation. (default: the widest set that this processor has)",
      discussion: """
        The results of the preset article do not depend on this option. The results of the other presets are the same \
        with avx2 and avx512, and slightly different with plain.
        """))
  var instructionSet: InstructionSet?

  /// The largest number of threads that the option accepts.
  private static let maximumThreadCount = 1024

  /// The number of threads to use.
  var threadCount: Int { Self.threadCount(requested: threads) }

  /// Returns the number of threads to use: the requested number, but at most one for each processor.
  static func threadCount(requested: Int?) -> Int {
    min(requested ?? maximumThreadCount, WorkerPool.processorCount)
  }

  /// Checks that a number of threads is in range.
  static func check(threadCount: Int) throws(ValidationError) {
    guard (1...maximumThreadCount).contains(threadCount) else {
      throw ValidationError("--threads is \(threadCount), expected 1 to \(maximumThreadCount)")
    }
  }

  func validate() throws {
    if let threads { try Self.check(threadCount: threads) }
    if let instructionSet, !instructionSet.isAvailable {
      let available = InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "--instruction-set is \(instructionSet.rawValue), which this processor lacks; expected one of \(available)")
    }
  }
}

extension InstructionSet: ExpressibleByArgument {}
