internal import Datasets
internal import Evaluation
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
      for (row, index) in block.enumerated() {
        let rowOutputs = outputs.row(row)
        let predicted = rowOutputs.indexOfMaximum
        predictions.append(
          Prediction(
            index: index, actual: Int(data.labels[index]), predicted: predicted, confidence: rowOutputs[predicted]))
      }
    }
    return predictions
  }
}

/// What an experiment gave.
struct ExperimentResult {
  let model: TrainedModel
  let history: TrainingHistory
  /// One for each test sample, in the order of the test part.
  let predictions: [Prediction]
  let report: ClassificationReport

  var errors: [Prediction] { predictions.filter(\.isError) }

  /// The report, the accuracy and the errors, as the article's script prints them.
  var text: String {
    var text = report.text() + "\n"
    text += "Accuracy: \(report.accuracy) (\(errors.count) errors of \(predictions.count))\n"
    for error in errors { text += "Actual: \(error.actual) Predicted: \(error.predicted)\n" }
    return text
  }
}
