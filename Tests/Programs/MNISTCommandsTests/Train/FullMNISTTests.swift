import Foundation
import TestFixtures
import Testing

private let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"] ?? ""
/// Whether the data folder contains all of MNIST.
private let hasFullMNIST = FileManager.default.fileExists(atPath: dataFolder + "/full/train-images-idx3-ubyte")

@Suite(
  .enabled(if: hasFullMNIST, "set MNIST_DATA_DIR to a data folder that mnist-fetch-convert full has filled"))
struct FullMNISTTests {
  /// Trains the article's network on MNIST.
  ///
  /// - Returns: The cost of each epoch, and the accuracy on the test part.
  static func run(_ arguments: [String], in folder: ScratchFolder) throws -> (cost: [Double], accuracy: Double) {
    let base = ["--dataset", "full", "--preset", "article", "--architecture", "784,16,12,10", "--learning-rate", "0.1"]
    let run = try ProgramRun(
      "mnist-train", base + arguments + ["--output", "run", "--quiet"], in: folder.path,
      environment: ["MNIST_DATA_DIR": dataFolder])
    #expect(run.status == 0, "\(run.errors)")
    struct Metrics: Decodable { var accuracy: Double }
    let costs = try folder.text("run/history.csv").split(separator: "\n").dropFirst()
      .compactMap { Double($0.split(separator: ",")[1]) }
    return (costs, try JSONDecoder().decode(Metrics.self, from: Data(folder.bytes("run/metrics.json"))).accuracy)
  }

  @Test("training on 2,000 samples of MNIST gives the numbers of the Python script")
  func twoThousand() throws {
    let result = try Self.run(["--epochs", "1", "--seed", "0", "--test-size", "68000"], in: ScratchFolder())
    #expect(abs(result.cost[0] / 0.804_506_107_087_730_2 - 1) < 1e-9)
    #expect(result.accuracy == 0.4970147058823529)
  }

  @Test("without --preset, MNIST is trained with the preset fast on the training file")
  func fast() throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", ["--dataset", "full", "--epochs", "2", "--validation-size", "5000", "--output", "run"],
      in: folder.path, environment: ["MNIST_DATA_DIR": dataFolder])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\ntraining on 55000, validating on 5000, testing on 10000; "))
    #expect(run.output.contains("\npreset fast: "))
    #expect(try #require(TrainingRunTests.json(folder, "run/metrics.json")["accuracy"] as? Double) > 0.95)
  }

  @Test("the preset fast has an accuracy of at least 98.2 % on the test part with every seed", arguments: 0...4)
  func fastAccuracy(_ seed: Int) throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", ["--dataset", "full", "--seed", "\(seed)", "--output", "run", "--quiet"], in: folder.path,
      environment: ["MNIST_DATA_DIR": dataFolder])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try #require(TrainingRunTests.json(folder, "run/metrics.json")["accuracy"] as? Double) >= 0.982)
  }

  @Test("two epochs of the preset article on all of MNIST give an accuracy of 86 to 90 %")
  func twoEpochs() throws {
    let result = try Self.run(["--epochs", "2"], in: ScratchFolder())
    #expect((0.86...0.90).contains(result.accuracy))
    #expect(result.cost[1] < result.cost[0])
  }

  @Test("the canonical split trains on the first 60,000 samples and tests on the other 10,000 samples")
  func canonical() throws {
    let folder = try ScratchFolder()
    let result = try Self.run(["--epochs", "1", "--split", "canonical"], in: folder)
    #expect((0.80...0.92).contains(result.accuracy))
    let rows = try folder.text("run/predictions.csv").split(separator: "\n").dropFirst()
    #expect(rows.count == 10_000)
    #expect(rows.first?.hasPrefix("60000,7,") == true)
  }
}
