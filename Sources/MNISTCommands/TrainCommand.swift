public import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Foundation
internal import NeuralNetwork
internal import Normalization
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
        mnist-train --dataset full --architecture 784,16,12,10 --epochs 2
      """,
    version: Program.version)

  @Option(help: ArgumentHelp("digits, full (alias mnist), or a folder of IDX files.", valueName: "name|folder"))
  var dataset = "digits"

  @Option(help: "Defaults for the settings below, each of which can be overridden; article is the article's.")
  var preset = Preset.article

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Node counts, input to output, such as 64,16,12,10.",
      discussion: "Default: the data's pixels, 16, 12, the data's classes.", valueName: "counts"),
    transform: { try Architecture(parsing: $0) })
  var architecture: Architecture?

  @Option(
    parsing: .unconditional,
    help: "How often all training samples are gone through. (default: \(Preset.article.epochs))")
  var epochs: Int?

  @Option(
    parsing: .unconditional, help: "The step width of the gradient descent. (default: \(Preset.article.learningRate))")
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How the weights are drawn. (default: \(Preset.article.initializer.rawValue))",
      discussion: """
        standard-normal: mean 0, standard deviation 1; xavier: the same times the square root of 1 / inputs of a unit.
        """))
  var initializer: WeightInitializer?

  @Option(
    help: ArgumentHelp(
      "How pixels are scaled. (default: \(Preset.article.normalization.rawValue))",
      discussion: """
        minmax: smallest and largest value of the whole set, test part included, become 0 and 1, as in the article; \
        standard: each pixel to mean 0 and standard deviation 1 over the training part; none: as they are.
        """))
  var normalization: NormalizationKind?

  @Option(
    help: "How training and test part are chosen: at random from all samples, or canonical: as the files have them.")
  var split = SplitKind.random

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the samples that is held out, or, as a whole number, their count. "
        + "(default: \(Preset.article.testSize))",
      valueName: "fraction|count"),
    transform: TrainCommand.testSize)
  var testSize: TestSize?

  @Flag(help: "Keep the classes' shares equal in both parts of a random split.")
  var stratify = false

  @Option(
    parsing: .unconditional,
    help: "Where the random numbers start, 0 to 4294967295: the split and the weights follow from it.")
  var seed: UInt32 = 0

  @Option(
    help: ArgumentHelp(
      "The run folder; a run that is there already is replaced.",
      discussion: "Default: runs/<universal time>-<data set>, and runs/latest leads to it.", valueName: "folder"))
  var output: String?

  @OptionGroup
  var common: CommonOptions

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The rules between options.
  public func validate() throws {
    if split == .canonical, testSize != nil { throw ValidationError("--test-size goes with --split random only") }
    if split == .canonical, stratify { throw ValidationError("--stratify goes with --split random only") }
    do {
      _ = try Trainer(epochs: epochs ?? preset.epochs, learningRate: learningRate ?? preset.learningRate)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// A test size as the library reads it, but for a bare 1: whoever writes it rarely means a single sample.
  private static func testSize(_ text: String) throws -> TestSize {
    let size = try TestSize(parsing: text)
    guard size != .count(1) else {
      throw ValidationError("1 is no share that leaves samples to train on, and one test sample tells nothing")
    }
    return size
  }

  /// Trains, prints, and writes the run folder.
  public func run() throws {
    do {
      let remarks = Remarks(isQuiet: common.quiet)
      let data = try ImageDataset.forCommand(dataset, dataFolder: common.dataFolder)
      let experiment = try Experiment(configuration(for: data), data: data)
      try StandardOutput.line(experiment.summary)

      let folder = try RunFolder.Writer(output: output, datasetName: data.name, now: Date())
      let interruption = Interruption()
      let display = TrainingDisplay(remarks: remarks, isLive: Terminal.isStandardErrorATerminal && !common.quiet)
      let result = try experiment.run { progress in
        display.show(progress)
        return interruption.wasAskedFor ? .stop : .proceed
      }
      display.finish(result.history)

      let path = try folder.write(result, of: experiment)
      try StandardOutput.write(result.text)
      try StandardOutput.line("Run folder: \(path)")
      try folder.linkLatest(to: path)
      if interruption.wasAskedFor {
        let reached = result.history.wasStopped ? "in epoch \(result.history.epochs.count + 1)" : "after the training"
        throw CommandFailure(.interrupted, "interrupted \(reached); saved in \(path)")
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func configuration(for data: ImageDataset) throws(ArchitectureError) -> Configuration {
    let usual = try Architecture([data.featureCount] + preset.hiddenCounts + [data.classCount])
    return Configuration(
      dataset: DatasetCatalogue.description(named: dataset)?.name ?? FilePaths.absolute(dataset),
      preset: preset,
      architecture: architecture ?? usual,
      epochs: epochs ?? preset.epochs,
      learningRate: learningRate ?? preset.learningRate,
      initializer: initializer ?? preset.initializer,
      normalization: normalization ?? preset.normalization,
      split: split,
      testSize: split == .random ? testSize ?? preset.testSize : nil,
      stratify: stratify,
      seed: seed)
  }
}
