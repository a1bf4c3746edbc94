import Datasets
import Foundation
import Testing

@Suite struct KnownLabelErrorsTests {
  static let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"]

  @Test(
    "the fifteen wrong labels of MNIST are found in its test part",
    .enabled(if: dataFolder != nil, "needs MNIST_DATA_DIR"))
  func mnist() throws {
    let data = try ImageDataset.named("full", dataFolder: Self.dataFolder ?? "")
    let indices = KnownLabelErrors.indices(in: data)
    #expect(indices.count == 15 && indices.first == 60_947 && indices.last == 69_729)
    #expect(indices == indices.sorted())

    // MNIST is recognised by its labels, not by its name or its pixels.
    func set(_ labels: [UInt8], training: Int = data.trainingCount) -> ImageDataset {
      ImageDataset(
        name: "other", rowCount: 1, columnCount: 1, pixels: [UInt8](repeating: 0, count: labels.count), labels: labels,
        trainingCount: training, classNames: data.classNames)
    }
    #expect(KnownLabelErrors.indices(in: set(data.labels)) == indices)
    #expect(
      KnownLabelErrors.indices(in: set(Array(data.labels[60_000...]), training: 0)) == KnownLabelErrors.mnistTest)
    var corrected = data.labels
    corrected[60_947] = 9
    #expect(KnownLabelErrors.indices(in: set(corrected)) == [])
  }

  @Test("other data sets have no known label errors")
  func others() throws {
    #expect(KnownLabelErrors.indices(in: try ImageDataset.digits()) == [])
  }
}
