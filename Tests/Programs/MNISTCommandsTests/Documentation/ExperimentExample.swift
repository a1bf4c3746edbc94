import Datasets
import Evaluation
import Experiments
import Foundation
import NeuralNetwork

func train(into folder: String) throws -> Double {
  let data = try ImageDataset.digits()
  var configuration = try Configuration(.article, dataset: "digits", data: data)
  configuration.training.epochs = 20
  let experiment = try Experiment(configuration, data: data)
  let result = try experiment.run()
  try RunFolder.Writer(output: folder, datasetName: data.name, now: Date()).write(result, of: experiment)
  return result.report.accuracy
}
