public import ArgumentParser
internal import Datasets
internal import DisplayText
internal import Experiments
internal import Foundation
internal import NeuralNetwork
internal import Splitting

/// `mnist-train`: the article's script from data to report.
public struct TrainCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-train",
    abstract: "Trains a network on handwritten digits and shows what it got wrong.",
    usage: "mnist-train [<options>]",
    discussion: """
      Without options it repeats the article: 1,797 digits of 8x8, a quarter of them held out, a network of 64, 16, 12 \
      and 10 nodes, 100 epochs. Every number is then that of the Python script with the same seed.

        mnist-train
        mnist-train --dataset full
        mnist-train --dataset full --preset article --epochs 2

      A preset is a set of settings, each of which an option overrides. Where none is given, images of 28x28 are trained \
      on with fast, others with article.

      \(Setting.presetTable())
      """,
    version: Program.version)

  @OptionGroup(title: "The run")
  var options: RunOptions

  @OptionGroup(title: "The network")
  var network: NetworkOptions

  @OptionGroup(title: "Its training")
  var training: TrainingOptions

  @OptionGroup(title: "The data")
  var dataOptions: DataOptions

  @OptionGroup(title: "The machine")
  var machine: MachineOptions

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The rules between options, as far as they hold whatever the data is.
  public func validate() throws {
    if training.earlyStopping != nil, dataOptions.validationSize ?? .count(0) == .count(0) {
      throw ValidationError("--early-stopping needs samples to judge by: --validation-size")
    }
    // Which preset is the default shows with the data only. What no preset allows is wrong already.
    let presets = options.preset.map { [$0] } ?? Preset.allCases
    let problems = presets.compactMap { $0.problem(with: given) }
    if problems.count == presets.count { throw ValidationError(problems[0].message) }
  }

  /// Trains, prints, and writes the run folder.
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
          "\(data.name) has a test part of its own, \(data.testCount) samples: --split canonical keeps it apart")
      }

      let folder = try RunFolder.Writer(output: options.output, datasetName: data.name, now: Date())
      Interruption.continueAfterSignals()
      let display = TrainingDisplay(statusOutput: statusOutput, isLive: Terminal.showsLiveDrawings && !common.quiet)
      let result = try experiment.run { progress in
        display.show(progress)
        return Interruption.signal == nil ? .proceed : .stop
      }
      display.finish(result)

      // Saved before anything is printed: the reader may have gone.
      let (path, incompleteness) = try folder.write(result, of: experiment)
      do {
        try write(result, of: experiment, path: path)
      } catch {
        // The terminal may have closed. Then the signal decides the exit status.
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

  /// The errors that are listed on a terminal, so that the report above them stays in view.
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

  /// The values of all options that are settings.
  private var given: [String: Any] { givenOptions(of: options, network, training, dataOptions, machine) }
}
