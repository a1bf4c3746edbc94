import DigitPreparation
import DurableFiles
import Images
import NeuralNetwork

func className(ofPicture path: String, modelPath: String) throws -> String {
  let model = try TrainedModel(parsing: DurableFile.read(modelPath))
  let form = DigitForm(rowCount: model.rowCount, columnCount: model.columnCount, largestPixel: model.largestPixel)
  let digit = try DigitPreparation(form: form).prepare(PNG.decode(DurableFile.read(path)))
  return model.classNames[try model.prediction(for: digit.pixels)]
}
