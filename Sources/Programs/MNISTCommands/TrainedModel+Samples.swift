internal import Datasets
internal import Evaluation
internal import Export
internal import Matrices
internal import Memory
internal import NeuralNetwork
internal import Normalization

extension TrainedModel {
  /// The loss that it was trained by, or one that goes with its outputs.
  var loss: Loss { training?.loss ?? Loss(suiting: network.form.outputActivation) }

  /// Returns the predictions for some of a data set's samples, each with the outputs that it came from, in the order of their
  /// indices' list.
  func predictions(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws(NormalizationError) -> [(prediction: Prediction, outputs: [Double])] {
    let outputsAndClasses = try outputsAndClasses(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    let loss = loss
    return zip(indices, outputsAndClasses.classes).enumerated().map { row, sample in
      let outputs = outputsAndClasses.outputs.row(row)
      let prediction = Prediction(
        index: sample.0, actual: Int(data.labels[sample.0]), predicted: sample.1, outputs: outputs, loss: loss)
      return (prediction, outputs)
    }
  }

  /// Returns the memory that predictions take, in bytes: outputs as one matrix and as an array for each sample, and records.
  static func predictionByteCount(sampleCount: Int, classCount: Int) -> Int { sampleCount * (classCount * 16 + 256) }

  /// Returns some of a data set's samples with the model's outputs for them, in the order of their indices' list.
  func samples(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws -> [PredictedSample] {
    try AvailableMemory.check(Self.predictionByteCount(sampleCount: indices.count, classCount: classNames.count))
    return try predictions(of: data, at: indices, threadCount: threadCount, instructionSet: instructionSet).map {
      PredictedSample($0.prediction, outputs: $0.outputs)
    }
  }
}

extension [PredictedSample] {
  /// Checks that all outputs are finite numbers, because nothing follows from others.
  ///
  /// - Parameter path: the model's file, for the error.
  func requireFiniteOutputs(of path: String) throws(CommandFailure) {
    for sample in self {
      guard let wrong = sample.outputs.firstIndex(where: { !$0.isFinite }) else { continue }
      throw CommandFailure(
        .badData,
        "\(path): the output of class \(wrong) for sample \(sample.index): expected a finite number, found "
          + "\(sample.outputs[wrong])")
    }
  }
}

extension PredictedSample {
  /// A prediction with the outputs that it came from.
  init(_ prediction: Prediction, outputs: [Double]) {
    self.init(
      index: prediction.index, actual: prediction.actual, predicted: prediction.predicted,
      confidence: prediction.confidence, loss: prediction.loss, outputs: outputs)
  }
}
