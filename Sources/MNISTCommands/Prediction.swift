internal import Datasets
internal import Matrices
internal import NeuralNetwork

/// What the network made of one sample.
struct Prediction: Equatable {
  /// The sample's place in the data set, training file first, then test file.
  var index: Int
  var actual: Int
  var predicted: Int
  /// The output of the predicted class, the largest one.
  var confidence: Double

  var isError: Bool { actual != predicted }

  /// The model's predictions for some samples of a data set, in the order of their indices' list.
  static func all(
    of indices: [Int], in data: ImageDataset, by model: TrainedModel
  ) throws -> [Prediction] {
    let outputs = try model.outputs(for: data.pixels, at: indices)
    return zip(indices, outputs.indicesOfRowMaxima).enumerated().map { row, pair in
      Prediction(
        index: pair.0, actual: Int(data.labels[pair.0]), predicted: pair.1, confidence: outputs[row, pair.1])
    }
  }
}
