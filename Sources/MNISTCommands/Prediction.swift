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
    // A block at a time: the normalised pixels are eight times as large as the bytes, and a small block stays in the
    // processor's cache.
    let blockCount = 256
    var predictions: [Prediction] = []
    predictions.reserveCapacity(indices.count)
    for start in stride(from: 0, to: indices.count, by: blockCount) {
      let block = indices[start..<min(start + blockCount, indices.count)]
      let outputs = try model.outputs(for: data.pixels(at: block))
      for (row, (index, predicted)) in zip(block, outputs.indicesOfRowMaxima).enumerated() {
        predictions.append(
          Prediction(
            index: index, actual: Int(data.labels[index]), predicted: predicted, confidence: outputs[row, predicted]))
      }
    }
    return predictions
  }
}
