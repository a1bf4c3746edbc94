internal import Datasets
internal import ErrorDumps
internal import Matrices
internal import NeuralNetwork

extension TrainedModel {
  /// The loss that it was trained by, or one that goes with its outputs.
  var loss: Loss { training?.loss ?? Loss(suiting: network.form.outputActivation) }

  /// Some of a data set's samples with what the model makes of them, in the order of their indices' list.
  func samples(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws -> [DumpedSample] {
    let outputs = try outputs(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    let classes = try predictions(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    return zip(indices, classes).enumerated().map { row, sample in
      let label = Int(data.labels[sample.0])
      let prediction = Prediction(
        index: sample.0, actual: label, predicted: sample.1, outputs: outputs.row(row), loss: loss)
      return DumpedSample(prediction, outputs: outputs.row(row))
    }
  }
}

extension DumpedSample {
  /// A prediction with the outputs that it came from.
  init(_ prediction: Prediction, outputs: [Double]) {
    self.init(
      index: prediction.index, actual: prediction.actual, predicted: prediction.predicted,
      confidence: prediction.confidence, loss: prediction.loss, outputs: outputs)
  }
}
