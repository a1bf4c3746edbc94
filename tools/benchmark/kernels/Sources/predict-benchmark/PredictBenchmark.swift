internal import ArgumentParser
internal import Datasets
internal import DurableFiles
internal import Foundation
internal import NeuralNetwork

/// `predict-benchmark`: how long a saved model takes for all test images at once.
@main
struct PredictBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict-benchmark",
    abstract: "Measures the prediction of MNIST's 10,000 test images in one call.",
    discussion: "Prints JSON: the median of the calls in milliseconds, and each of them.")

  @Argument(help: "A run's model.safetensors.")
  var model: String

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Option(help: "How many threads predict.")
  var threads = 1

  @Option(name: .customLong("repeat"), help: "How many calls are measured, after a fifth as many that are not.")
  var repeats = 50

  @Option(help: "A file for the predicted classes, a byte each.")
  var output: String?

  func validate() throws {
    guard threads >= 1, repeats >= 1 else { throw ValidationError("--threads and --repeat are at least 1") }
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

  /// What is measured.
  private func predictions(of model: TrainedModel, for pixels: [UInt8]) throws -> [Int] {
    try model.predictions(for: pixels, threadCount: threads)
  }
}

/// What is printed.
private struct Result: Encodable {
  var images: Int
  var medianMilliseconds: Double
  var milliseconds: [Double]
}
