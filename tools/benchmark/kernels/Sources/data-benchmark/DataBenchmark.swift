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

/// `data-benchmark`: how long data sets take into memory, and out of it.
@main
struct DataBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data-benchmark",
    abstract: "Measures how long data sets take from their files into memory, and into files.",
    subcommands: [Load.self, Unpack.self, Export.self, Dump.self])
}

/// `load`: the raw files of the data folder, up to samples that a training takes.
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Loads MNIST from the data folder and makes training samples of it.",
    discussion: """
      Prints JSON: the seconds of each time, the sums of the pixels and of the labels, and all pixels combined by \
      exclusive or.
      """)

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Option(name: .customLong("repeat"), help: "How often, after once that is not measured.")
  var repeats = 10

  @Flag(help: "Read every pixel within the time that is measured.")
  var touch = false

  func validate() throws {
    guard repeats >= 1 else { throw ValidationError("--repeat is at least 1") }
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

  /// All pixels, combined by exclusive or.
  private func parity(_ data: ImageDataset) -> UInt8 {
    data.pixels.withUnsafeSegments { segments in
      segments.reduce(0) { parity, segment in segment.reduce(parity) { $0 ^ $1 } }
    }
  }

  /// What is measured.
  private func load() throws -> (ImageDataset, Samples) {
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let samples = try Normalizer.none.transform(data.pixels, featureCount: data.featureCount)
    return (data, samples.rows(at: Array(0..<data.trainingCount)))
  }
}

/// `unpack`: gzip files, into memory, as `gzip -dc FILE > /dev/null` does.
struct Unpack: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Unpacks gzip files, one after the other, into memory.")

  @Argument(help: "The files.")
  var files: [String]

  @Option(help: "A folder that the unpacked files are written into; not for measuring.")
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

/// The option of what writes files.
struct ThreadOptions: ParsableArguments {
  @Option(help: "How many threads write.")
  var threads = 1

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is at least 1") }
  }
}

/// `export`: MNIST as a folder of PNG files.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes MNIST as PNG files, compressed at zlib's level 6.", discussion: "Prints the seconds that it took."
  )

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Argument(help: "The folder to be written.")
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

/// `dump`: MNIST's test images as enlarged PNG files, each with a prediction that is of no interest here.
struct Dump: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes MNIST's 10,000 test images as enlarged PNG files, with the lists of an error dump.",
    discussion: "Prints the seconds that it took.")

  @Argument(help: "The data folder that mnist-fetch-convert filled.")
  var dataFolder: String

  @Argument(help: "The folder to be written.")
  var output: String

  @Option(help: "How many times as large as the digit each picture is.")
  var scale = 4

  @Flag(help: "Contact sheets too.")
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

/// What is printed.
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
