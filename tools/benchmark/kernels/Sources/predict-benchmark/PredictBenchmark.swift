internal import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Foundation
internal import NeuralNetwork

/// The program `predict-benchmark`, which measures how long a saved model takes to predict all test images in one call.
@main
struct PredictBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict-benchmark",
    abstract: "Measures the prediction of MNIST's 10,000 test images in one call.",
    discussion: "Prints JSON: the time of each call in milliseconds, and the median.")

  @Argument(help: "The file model.safetensors of a run.")
  var model: String

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Option(help: "The number of worker threads.")
  var threads = 1

  @Option(
    name: .customLong("repeat"),
    help: "The number of measured calls. A fifth of this number of calls comes first and is not measured.")
  var repeats = 50

  @Option(help: "A file for the predicted classes, one byte each.")
  var output: String?

  func validate() throws {
    guard threads >= 1, repeats >= 1 else {
      throw ValidationError("--threads is \(threads) and --repeat is \(repeats), expected at least 1 for both")
    }
  }

  func run() throws {
    let model = try TrainedModel(parsing: DurableFile.read(model))
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let pixels = data.pixels(at: data.trainingCount..<data.count)

    var classes: [Int] = []
    let clock = ContinuousClock()
    var milliseconds: [Double] = []
    for call in 0..<(repeats / 5 + repeats) {
      let duration = try clock.measure { classes = try predictions(of: model, for: pixels) }
      if call >= repeats / 5 { milliseconds.append(duration / .milliseconds(1)) }
    }
    if let output { try DurableFile.write(classes.map(UInt8.init), to: output) }

    let sorted = milliseconds.sorted()
    let median = (sorted[(repeats - 1) / 2] + sorted[repeats / 2]) / 2
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let result = Result(images: classes.count, medianMilliseconds: median, milliseconds: milliseconds)
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }

  /// Returns the predicted classes. This call is measured.
  private func predictions(of model: TrainedModel, for pixels: [UInt8]) throws -> [Int] {
    try model.predictions(for: pixels, threadCount: threads)
  }
}

/// The output of the program.
private struct Result: Encodable {
  var images: Int
  var medianMilliseconds: Double
  var milliseconds: [Double]
}
