public import Matrices
public import RandomSources

/// The article's network: fully connected layers in which every unit is a sigmoid.
///
/// A unit's bias is the weight of the constant 1 that is appended to the input; see ``Architecture`` for the shapes.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// var network = NeuralNetwork(try Architecture([64, 16, 12, 10]), initializer: .standardNormal, using: &source)
/// try Trainer(epochs: 100, learningRate: 0.1).train(&network, samples: samples, targets: targets)
/// let digit = network.prediction(for: sample)
/// ```
public struct NeuralNetwork: Equatable, Sendable {
  /// The node counts of the layers.
  public let architecture: Architecture

  /// The weights between the layers, first to last, each `[inputs, outputs]` as ``Architecture/weightShapes`` has them.
  public internal(set) var weights: [Matrix<Double>]

  /// A network with weights drawn at random, layer after layer, each row after row.
  public init(
    _ architecture: Architecture, initializer: WeightInitializer, using source: inout some RandomSource
  ) {
    self.architecture = architecture
    weights = []
    for shape in architecture.weightShapes {
      weights.append(initializer.weights(inputs: shape.inputs, outputs: shape.outputs, using: &source))
    }
  }

  /// A network with the given weights.
  ///
  /// - Precondition: the shapes are those of `architecture.weightShapes`.
  public init(_ architecture: Architecture, weights: [Matrix<Double>]) {
    precondition(
      architecture.weightShapes.elementsEqual(weights) { $0 == ($1.rowCount, $1.columnCount) },
      "the weights have the shapes of the architecture")
    self.architecture = architecture
    self.weights = weights
  }

  /// The outputs for one sample, `[outputCount]`, each between 0 and 1.
  ///
  /// - Parameter sample: normalised features, `[inputCount]`.
  /// - Complexity: O(weightCount), with a copy of the weights: for many samples use the call for many.
  public func outputs(for sample: [Double]) -> [Double] {
    outputs(for: Matrix(rowCount: 1, columnCount: sample.count, elements: sample)).row(0)
  }

  /// The outputs for many samples, `[sampleCount, outputCount]`.
  ///
  /// - Parameter samples: normalised features, `[sampleCount, inputCount]`.
  /// - Precondition: there are as many features as the architecture has inputs.
  /// - Complexity: O(sampleCount * weightCount).
  public func outputs(for samples: Matrix<Double>) -> Matrix<Double> {
    precondition(samples.columnCount == architecture.inputCount, "a sample has as many features as the network inputs")
    let step = SampleStep(self)
    let outputCount = architecture.outputCount
    var outputs = Matrix<Double>(rowCount: samples.rowCount, columnCount: outputCount)
    outputs.withUnsafeMutableElements { elements in
      Samples(samples).withSamples { samples in
        for index in 0..<samples.count {
          step.predict(samples[index], into: elements.baseAddress! + index * outputCount)
        }
      }
    }
    return outputs
  }

  /// The class with the largest output for one sample; the first one where several are equal.
  public func prediction(for sample: [Double]) -> Int {
    outputs(for: Matrix(rowCount: 1, columnCount: sample.count, elements: sample)).indicesOfRowMaxima[0]
  }

  /// The class with the largest output for each of many samples, `[sampleCount]`.
  public func predictions(for samples: Matrix<Double>) -> [Int] {
    outputs(for: samples).indicesOfRowMaxima
  }
}
