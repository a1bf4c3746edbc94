import Evaluation
import LabelBinarization
import NeuralNetwork
import Normalization
import RandomSources
import RunReport

/// Sample reports of a small network. The network is trained on one sample per class. A sample has a single white
/// column, and the class is the number of this column.
enum SampleReport {
  /// Returns a report.
  ///
  /// - Parameters:
  ///   - classNames: The names of the classes. An image has as many columns as there are classes.
  ///   - errors: The actual and predicted classes of the misclassified test samples. The test part also has five
  ///     correctly classified samples of each class.
  ///   - rowCount: The number of rows of an image.
  static func report(
    classNames: [String] = ["0", "1", "2"], errors: [(actual: Int, predicted: Int)] = [], rowCount: Int = 2,
    epochs: Int = 3, notes: [String] = []
  ) throws -> RunReport {
    let (classCount, pixelCount) = (classNames.count, rowCount * classNames.count)
    var source = NumPyRandomSource(seed: 0)
    let form = NetworkForm(try Architecture([pixelCount, 4, classCount]))
    var network = NeuralNetwork(form, initializer: .xavier, using: &source)
    let pixels = (0..<classCount).flatMap { label in
      (0..<pixelCount).map { $0 % classCount == label ? UInt8(255) : UInt8(0) }
    }
    var history = TrainingHistory()
    if epochs > 0 {
      let samples = LabelledSamples(
        samples: try Normalizer.none.transform(pixels, featureCount: pixelCount),
        targets: try LabelBinarizer(classCount: classCount).transform(0..<classCount))
      history = try Trainer(TrainingSettings(epochs: epochs, learningRate: 0.1)).train(
        &network, on: samples, validation: samples, using: &source)
    }
    let right = (0..<classCount).flatMap { Array(repeating: $0, count: 5) }
    return RunReport(
      data: DataSummary(
        name: "sample", sha256: "0123abcd", trainingCount: classCount, testCount: right.count + errors.count),
      model: TrainedModel(
        network: network, normalizer: .none, rowCount: rowCount, columnCount: classCount, classNames: classNames,
        datasetName: "sample"),
      history: history,
      confusionMatrix: try ConfusionMatrix(
        actual: right + errors.map(\.actual), predicted: right + errors.map(\.predicted), classCount: classCount),
      errors: errors.enumerated().map { index, error in
        var outputs = [Double](repeating: 0.125, count: classCount)
        outputs[error.predicted] = 0.75
        return Misclassification(
          PredictedSample(
            index: index, actual: error.actual, predicted: error.predicted, loss: Double(index % 7), outputs: outputs),
          pixels: (0..<pixelCount).map { UInt8(($0 * 37 + index * 11) % 256) })
      },
      reproduction: Reproduction(
        commandLine: ["mnist-train", "--seed", "3"], settings: [.init("seed", "3")], version: "9.8.7"),
      notes: notes)
  }
}
