internal import Archives
internal import ArgumentParser
internal import DatasetFormats
internal import Datasets
internal import DurableFiles
internal import Evaluation
internal import Export
internal import Foundation
internal import Normalization
internal import Workers

/// The program `data-benchmark`, which measures how long reading and writing a data set takes.
@main
struct DataBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data-benchmark",
    abstract: "Measures how long reading and writing a data set takes.",
    subcommands: [Load.self, Unpack.self, Export.self, Dump.self])
}

/// The command `load`, which reads the raw files of the data folder and creates training samples.
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Loads MNIST from the data folder and creates training samples.",
    discussion: """
      Prints JSON: the seconds of each load, the sum of all pixels, the sum of all labels, and the exclusive or of all \
      pixels.
      """)

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Option(name: .customLong("repeat"), help: "The number of measured loads. One earlier load is not measured.")
  var repeats = 10

  @Flag(help: "Also read every pixel, within the measured time.")
  var touch = false

  func validate() throws {
    guard repeats >= 1 else { throw ValidationError("--repeat is \(repeats), expected at least 1") }
  }

  func run() throws {
    var result = Measured()
    for turn in 0...repeats {
      var loaded: (data: ImageDataset, samples: Samples)?
      let duration = try ContinuousClock().measure {
        loaded = try load()
        if touch, let loaded { result.pixelParity = parity(loaded.data) }
      }
      guard let loaded else { continue }
      if turn > 0 { result.seconds.append(duration / .seconds(1)) }
      result.pixelParity = parity(loaded.data)
      result.images = loaded.data.count
      result.trainingSamples = loaded.samples.count
      result.pixelSum = loaded.data.pixels.reduce(0) { $0 + Int($1) }
      result.labelSum = loaded.data.labels.reduce(0) { $0 + Int($1) }
    }
    try result.print()
  }

  /// Returns the exclusive or of all pixels.
  private func parity(_ data: ImageDataset) -> UInt8 {
    data.pixels.withUnsafeSegments { segments in
      segments.reduce(0) { parity, segment in segment.reduce(parity) { $0 ^ $1 } }
    }
  }

  /// Loads the data set and returns it with its training samples. This call is measured.
  private func load() throws -> (ImageDataset, Samples) {
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let samples = try Normalizer.none.transform(data.pixels, featureCount: data.featureCount)
    return (data, samples.rows(at: Array(0..<data.trainingCount)))
  }
}

/// The command `unpack`, which unpacks gzip files into memory, like `gzip -dc FILE > /dev/null`.
struct Unpack: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Unpacks gzip files into memory, one after another.")

  @Argument(help: "The gzip files.")
  var files: [String]

  @Option(help: "A folder for the unpacked files. Do not use this option in a measurement.")
  var output: String?

  func run() throws {
    for file in files {
      let bytes = try Gzip.decompress(DurableFile.read(file))
      if let output {
        try DurableFile.write(bytes, to: FilePaths.join(output, String(FilePaths.name(of: file).dropLast(3))))
      }
    }
  }
}

/// The option `--threads` of the commands that write files.
struct ThreadOptions: ParsableArguments {
  @Option(help: "The number of worker threads.")
  var threads = 1

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is \(threads), expected at least 1") }
  }
}

/// The command `export`, which writes MNIST as a folder of PNG files.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes MNIST as PNG files with zlib's compression level 6.", discussion: "Prints the time in seconds."
  )

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Argument(help: "The output folder.")
  var output: String

  @OptionGroup
  var threads: ThreadOptions

  func run() throws {
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let duration = try ContinuousClock().measure {
      try ImageFolder.write(data, to: output, compressionLevel: 6, pool: WorkerPool(threadCount: threads.threads))
    }
    print(duration / .seconds(1))
  }
}

/// The command `dump`, which writes MNIST's test images as an error dump. The predictions are invented.
struct Dump: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes MNIST's 10,000 test images as enlarged PNG files, with the lists of an error dump.",
    discussion: "Prints the time in seconds.")

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Argument(help: "The output folder.")
  var output: String

  @Option(help: "The factor by which each digit is enlarged.")
  var scale = 4

  @Flag(help: "Also draw the contact sheets.")
  var sheets = false

  @OptionGroup
  var threads: ThreadOptions

  func run() throws {
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let samples = (data.trainingCount..<data.count).map { index in
      let label = Int(data.labels[index])
      return PredictedSample(
        index: index, actual: label, predicted: (label + 1) % 10, confidence: 0.5, loss: nil,
        outputs: [Double](repeating: 0.1, count: 10))
    }
    let dump = ErrorDump(samples, of: data, part: .test, source: "benchmark", scale: scale, hasSheets: sheets)
    let duration = try ContinuousClock().measure {
      _ = try dump.write(to: output, pool: WorkerPool(threadCount: threads.threads))
    }
    print(duration / .seconds(1))
  }
}

/// The output of the command `load`.
private struct Measured: Encodable {
  var images = 0
  var trainingSamples = 0
  var pixelSum = 0
  var pixelParity: UInt8 = 0
  var labelSum = 0
  var seconds: [Double] = []

  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
  }
}
