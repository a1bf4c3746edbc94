internal import Matrices
internal import Workers

/// Predictions of the article's networks: the same sums, in the same order, as in their training.
enum SamplePrediction {
  /// The outputs for all samples, `[sampleCount, outputCount]`.
  static func outputs(
    of network: NeuralNetwork, for memory: SampleMemory, _ pool: WorkerPool, _ instructionSet: InstructionSet
  ) -> Matrix<Double> {
    let outputCount = network.architecture.outputCount
    let common = SampleStep(network, instructionSet: instructionSet)
    let workers = (0..<pool.threadCount).map { _ in
      (step: SampleStep(predictingWith: common), reader: SampleReader(memory, instructionSet: instructionSet))
    }
    var outputs = Matrix<Double>(rowCount: memory.count, columnCount: outputCount)
    outputs.withUnsafeMutableElements { elements in
      pool.run { worker in
        let (step, reader) = workers[worker]
        for index in pool.share(of: memory.count, for: worker) {
          step.predict(reader.sample(index), into: elements.baseAddress! + index * outputCount)
        }
      }
    }
    return outputs
  }
}
