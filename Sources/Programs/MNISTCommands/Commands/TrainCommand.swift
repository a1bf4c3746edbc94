public import ArgumentParser
internal import Datasets
internal import DisplayText
internal import Experiments
internal import Foundation
internal import NeuralNetwork
internal import Splitting

/// The command `mnist-train`, which trains a network and writes a run folder.
public struct TrainCommand: ParsableCommand {
  /// The command's name, help texts and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-train",
    abstract: "Trains a neural network on handwritten digits and lists the digits that it misclassifies.",
    usage: "mnist-train [<options>]",
    discussion: """
      Without options, the program repeats the experiment of a blog article, "the article" below. It trains a network \
      with layers of 64, 16, 12 and 10 units for 100 epochs on 1,797 digits of 8x8 pixels, which are built into the \
      program. A random quarter of the digits is the test part. With the same seed, the article's Python script gives \
      the same numbers.

        mnist-train
        mnist-train --dataset full
        mnist-train --dataset full --preset article --epochs 2

      The data set full is MNIST; mnist-fetch-convert fetches it. The model, the predictions and a report page are \
      written to a run folder.

      A preset is a set of values for the options below. An option on the command line overrides the value of the \
      preset. Without --preset, the preset is fast for images of 28x28 pixels and article for all other images. In this \
      table, a hyphen means that the option does not apply.

      \(Setting.presetTable())
      """,
    version: Program.version)

  @OptionGroup(title: "Run")
  var options: RunOptions

  @OptionGroup(title: "Network")
  var network: NetworkOptions

  @OptionGroup(title: "Training")
  var training: TrainingOptions

  @OptionGroup(title: "Data")
  var dataOptions: DataOptions

  @OptionGroup(title: "Machine")
  var machine: MachineOptions

  @OptionGroup
  var common: CommonOptions

  /// Creates a command. The argument parser then sets the command's options.
  public init() {}

  /// Checks that the options do not contradict each other.
  ///
  /// Rules that depend on the data set are checked later.
  ///
  /// - Throws: `ValidationError` at the first contradiction.
  public func validate() throws {
    if training.earlyStopping != nil, dataOptions.validationSize ?? .count(0) == .count(0) {
      throw ValidationError("--early-stopping needs a validation part; add --validation-size")
    }
    // The default preset depends on the data set. Options that are invalid with every preset are refused before the
    // data set is read.
    let presets = options.preset.map { [$0] } ?? Preset.allCases
    let problems = presets.compactMap { $0.problem(with: given) }
    if problems.count == presets.count { throw ValidationError(problems[0].message) }
  }

  /// Trains the network, writes the run folder and prints the results.
  ///
  /// - Throws: ``CommandFailure`` if any step fails.
  public func run() throws {
    do {
      let statusOutput = StatusOutput(isQuiet: common.quiet)
      let data = try ImageDataset.read(options.dataset, dataFolder: common.dataFolder)
      let experiment = try Experiment(configuration(for: data), data: data, threadCount: machine.threadCount)
      try StandardOutput.lines(experiment.summary)
      if experiment.configuration.split == .random, dataOptions.split == nil, dataOptions.testSize == nil,
        data.trainingCount > 0, data.testCount > 0
      {
        statusOutput.line(
          "\(data.name) has a test part of its own with \(data.testCount) samples; to test on it, add --split canonical"
        )
      }

      let folder = try RunFolder.Writer(output: options.output, datasetName: data.name, now: Date())
      Interruption.continueAfterSignals()
      let display = TrainingDisplay(statusOutput: statusOutput, isLive: Terminal.showsLiveDrawings && !common.quiet)
      let result = try experiment.run { progress in
        display.show(progress)
        return Interruption.signal == nil ? .proceed : .stop
      }
      display.finish(result)

      // The run is saved before anything is printed, because the reader of standard output may have closed the pipe.
      let (path, incompleteness) = try folder.write(result, of: experiment)
      do {
        try write(result, of: experiment, path: path)
      } catch {
        // After SIGHUP the terminal is closed, and writing fails. The signal decides the exit status.
        guard Interruption.signal != nil else { throw error }
      }
      if let indifference = result.indifference { statusOutput.line(indifference) }
      if let incompleteness { throw incompleteness }
      if let divergence = result.divergence {
        throw CommandFailure(.badData, "\(divergence); saved in \(path)")
      }
      if Interruption.signal != nil {
        let reached = result.history.wasStopped ? "in epoch \(result.history.epochs.count + 1)" : "after the training"
        throw Interruption.failure("interrupted \(reached); saved in \(path)")
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The largest number of errors listed on a terminal. With a longer list, the report above the errors would scroll
  /// away.
  private static let errorsOnATerminal = 20

  /// Writes the results to standard output.
  private func write(_ result: ExperimentResult, of experiment: Experiment, path: String) throws {
    try StandardOutput.write(
      Terminal.isStandardOutputATerminal
        ? result.text(maximumErrorCount: Self.errorsOnATerminal, othersIn: path.escapedForDisplay) : result.text())
    if let known = result.errorSummary.knownLabelErrorsText { try StandardOutput.line(known) }
    if !common.quiet { try TerminalGallery.write(result.worstErrors, of: experiment.data) }
    try StandardOutput.line("Run folder: \(path)")
  }

  private func configuration(for data: ImageDataset) throws -> Configuration {
    let preset = options.preset ?? .usual(for: data)
    var configuration = try Configuration(preset, dataset: options.dataset, data: data)
    do throws(ExperimentError) { try configuration.apply(given) } catch {
      throw CommandFailure(.usage, "\(error) (the preset is \(preset.rawValue))")
    }
    return configuration
  }

  /// The values of all given options that are settings, by the keys of the settings.
  private var given: [String: Any] { givenOptions(of: options, network, training, dataOptions, machine) }
}
