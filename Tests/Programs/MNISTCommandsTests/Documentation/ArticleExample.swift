import Datasets
import Evaluation
import Export
import LabelBinarization
import NeuralNetwork
import Normalization
import RandomSources
import Splitting

func article(errorFolder: String) throws -> String {
  let data = try ImageDataset.digits()
  var source = NumPyRandomSource(seed: 0)

  let scaler = try MinMaxScaler.fit(data.pixels)
  let samples = try scaler.transform(data.pixels, featureCount: data.featureCount)
  let split = try TrainTestSplit.random(sampleCount: data.count, testSize: .fraction(0.25), using: &source)
  let targets = try LabelBinarizer(classCount: data.classCount).transform(data.labels)

  var network = NeuralNetwork(try Architecture([64, 16, 12, 10]), initializer: .standardNormal, using: &source)
  let history = try Trainer(epochs: 100, learningRate: 0.1).train(
    &network, samples: samples.rows(at: split.train), targets: targets.rows(at: split.train))

  let predictions = network.outputsAndClasses(for: samples.rows(at: split.test))
  let tested = PredictedSample.samples(
    at: split.test, labels: data.labels, outputs: predictions.outputs, classes: predictions.classes,
    loss: Loss.article.value)
  let report = try ClassificationReport(
    actual: tested.map(\.actual), predicted: tested.map(\.predicted), classCount: data.classCount)
  try ErrorDump(tested.filter(\.isError), of: data, part: .test, source: "article").write(to: errorFolder)
  return "cost \(history.epochs[99].cost)\n" + report.text()
}
