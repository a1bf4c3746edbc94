import Datasets
import DigitPreparation
import DurableFiles
import Foundation
import Images
import NeuralNetwork
import RandomSources
import TestFixtures
import Testing

private let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"] ?? ""
private let hasFullMNIST = FileManager.default.fileExists(atPath: dataFolder + "/full/train-images-idx3-ubyte")

/// Tests with test digits of MNIST that are altered to look drawn by hand.
@Suite(
  .enabled(if: hasFullMNIST, "set MNIST_DATA_DIR to a data folder that mnist-fetch-convert full has filled"))
struct DrawnDigitsTests {
  @Test(
    "of 200 changed test digits, at most two percent fewer are classified correctly than of the originals")
  func altered() throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", ["--dataset", "full", "--output", "run", "--quiet"], in: folder.path,
      environment: ["MNIST_DATA_DIR": dataFolder])
    #expect(run.status == 0, "\(run.errors)")
    let model = try TrainedModel(parsing: DurableFile.read(folder("run/model.safetensors")))
    let data = try ImageDataset.named("full", dataFolder: dataFolder)
    let indices = Array(data.trainingCount..<(data.trainingCount + 200))
    let originals = indices.map { GreyscaleImage(width: 28, height: 28, pixels: Array(data.image($0))) }
    let labels = indices.map { Int(data.labels[$0]) }
    func right(_ digits: [[UInt8]]) throws -> Int {
      zip(try model.predictions(for: digits.flatMap { $0 }), labels).count { $0 == $1 }
    }

    var source = NumPyRandomSource(seed: 200)
    let preparation = DigitPreparation(form: .mnist)
    let drawn = try originals.map { original in
      let canvas = AlteredDigit(using: &source).drawn(original)
      return (light: try preparation.prepare(canvas), dark: try preparation.prepare(canvas.stretchedNegative))
    }
    let originalCount = try right(originals.map(\.pixels))
    #expect(originalCount >= 190)
    #expect(try right(drawn.map(\.light.pixels)) >= originalCount - 4)
    // Dark ink on white paper gives the same prepared digit as light ink on black paper.
    #expect(drawn.allSatisfy { $0.light.pixels == $0.dark.pixels })
  }
}

extension GreyscaleImage {
  fileprivate var stretchedNegative: GreyscaleImage {
    GreyscaleImage(width: width, height: height, pixels: pixels.map { 255 - $0 })
  }
}
