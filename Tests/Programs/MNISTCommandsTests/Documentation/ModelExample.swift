import DurableFiles
import NeuralNetwork

func className(of pixels: [UInt8], modelPath: String) throws -> String {
  let model = try TrainedModel(parsing: DurableFile.read(modelPath))
  return model.classNames[try model.prediction(for: pixels)]
}
