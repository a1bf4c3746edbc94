import Datasets
import RandomSources

/// A reproducible random data set with a test part. Its images are not square. It has more than ten classes, one of
/// them without images.
enum RandomDataset {
  static func make(sampleCount: Int = 300, trainingCount: Int = 210, classCount: Int = 12) -> ImageDataset {
    var source = SplittableRandomSource(seed: 7)
    let pixels = (0..<sampleCount * 35).map { _ in UInt8.random(in: 0...255, using: &source) }
    let labels = (0..<sampleCount).map { _ in UInt8.random(in: 0..<UInt8(classCount), using: &source) }
    return ImageDataset(
      name: "random", rowCount: 7, columnCount: 5, pixels: pixels, labels: labels.map { $0 == 4 ? 5 : $0 },
      trainingCount: trainingCount, classNames: (0..<classCount).map(String.init))
  }
}
