internal import Datasets
internal import Evaluation
internal import Memory
internal import NeuralNetwork

extension TrainedModel {
  /// Returns the memory that predictions take, in bytes: outputs as one matrix and as an array for each sample, and records.
  static func predictionByteCount(sampleCount: Int, classCount: Int) -> Int { sampleCount * (classCount * 16 + 256) }

  /// Returns some of a data set's samples with the model's outputs for them, in the order of their indices' list.
  ///
  /// After a training that diverged an output may be no number, and is worth nothing.
  func samples(
    of data: ImageDataset, at indices: [Int], threadCount: Int, instructionSet: InstructionSet = .widest
  ) throws -> [PredictedSample] {
    try AvailableMemory.check(Self.predictionByteCount(sampleCount: indices.count, classCount: classNames.count))
    let predictions = try outputsAndClasses(
      for: data.pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet)
    // The loss that it was trained by, or one that goes with its outputs.
    let loss = training?.loss ?? Loss(suiting: network.form.outputActivation)
    return PredictedSample.samples(
      at: indices, labels: data.labels, outputs: predictions.outputs, classes: predictions.classes, loss: loss.value)
  }
}
