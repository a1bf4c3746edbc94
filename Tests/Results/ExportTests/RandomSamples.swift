import Datasets
import Evaluation
import Export
import RandomSources

/// A data set of random pixels, with random predictions for its samples. All values are the same in every test.
///
/// The images are not square. The data set has more than ten classes. Some class names have commas, quotes or Japanese
/// characters.
enum RandomSamples {
  static let classNames = ["a,b", "say \"c\"", "お"] + (3..<12).map(String.init)

  static let data: ImageDataset = {
    var source = SplittableRandomSource(seed: 7)
    let pixels = (0..<300 * 35).map { _ in UInt8.random(in: 0...200, using: &source) }
    let labels = (0..<300).map { _ in UInt8.random(in: 0..<12, using: &source) }
    return ImageDataset(
      name: "random", rowCount: 7, columnCount: 5, pixels: pixels, labels: labels, trainingCount: 210,
      classNames: classNames)
  }()

  static let samples: [PredictedSample] = {
    var source = SplittableRandomSource(seed: 8)
    return (0..<data.count).map { index in
      let outputs = (0..<12).map { _ in Double.random(in: 0...1, using: &source) }
      let predicted = outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0
      return PredictedSample(
        index: index, actual: Int(data.labels[index]), predicted: predicted, confidence: outputs[predicted],
        loss: index % 9 == 0 ? nil : Double.random(in: 0...5, using: &source), outputs: outputs)
    }
  }()
}
