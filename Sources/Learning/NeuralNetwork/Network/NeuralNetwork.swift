public import Matrices
public import Normalization
public import RandomSources
public import Workers

/// A network of fully connected layers: the article's, or any other that a ``NetworkForm`` describes.
///
/// ```swift
/// var source = NumPyRandomSource(seed: 0)
/// var network = NeuralNetwork(try Architecture([64, 16, 12, 10]), initializer: .standardNormal, using: &source)
/// try Trainer(epochs: 100, learningRate: 0.1).train(&network, samples: samples, targets: targets)
/// let digit = network.prediction(for: sample)
/// ```
public struct NeuralNetwork: Equatable, Sendable {
  /// What it is but for the weights.
  public let form: NetworkForm

  /// The weights between the layers, first to last, each `[inputs, outputs]` as ``NetworkForm/weightShapes`` has them.
  /// They are float64 whatever the precision; those of a float32 network are the float32 numbers.
  public internal(set) var weights: [Matrix<Double>]

  /// A network with weights drawn at random, layer after layer, each row after row. Biases that are weights start at 0.
  public init(_ form: NetworkForm, initializer: WeightInitializer, using source: inout some RandomSource) {
    self.form = form
    weights = []
    for (inputs, outputs) in form.weightShapes {
      let biasCount = form.biases == .weights ? 1 : 0
      var drawn = initializer.weights(inputs: inputs - biasCount, outputs: outputs, using: &source)
      if biasCount > 0 {
        drawn = Matrix(
          rowCount: inputs, columnCount: outputs, elements: drawn.elements + [Double](repeating: 0, count: outputs))
      }
      weights.append(drawn)
    }
    if form.precision == .float32 { roundToFloat32() }
  }

  /// The article's network, with weights drawn at random.
  public init(
    _ architecture: Architecture, initializer: WeightInitializer, using source: inout some RandomSource
  ) {
    self.init(NetworkForm(architecture), initializer: initializer, using: &source)
  }

  /// A network with the given weights; those of a float32 network are rounded.
  ///
  /// - Precondition: the shapes are those of `form.weightShapes`.
  public init(_ form: NetworkForm, weights: [Matrix<Double>]) {
    precondition(
      form.weightShapes.elementsEqual(weights) { $0 == ($1.rowCount, $1.columnCount) },
      "the weights have the shapes of the form")
    self.form = form
    self.weights = weights
    if form.precision == .float32 { roundToFloat32() }
  }

  /// The article's network with the given weights.
  ///
  /// - Precondition: the shapes are those of `architecture.weightShapes`.
  public init(_ architecture: Architecture, weights: [Matrix<Double>]) {
    self.init(NetworkForm(architecture), weights: weights)
  }

  /// The node counts of the layers.
  public var architecture: Architecture { form.architecture }

  private mutating func roundToFloat32() {
    for layer in weights.indices {
      weights[layer].withUnsafeMutableElements { elements in
        for index in elements.indices { elements[index] = Double(Float(elements[index])) }
      }
    }
  }

  /// The outputs for one sample, `[outputCount]`, each between 0 and 1.
  ///
  /// - Parameter sample: normalised features, `[inputCount]`.
  /// - Complexity: O(weightCount), with a copy of the weights: for many samples use the call for many.
  public func outputs(for sample: [Double]) -> [Double] {
    outputs(for: Samples(Matrix(rowCount: 1, columnCount: sample.count, elements: sample))).row(0)
  }

  /// The outputs for many samples, `[sampleCount, outputCount]`: the same for any number of threads.
  ///
  /// - Parameters:
  ///   - samples: with as many features as the architecture has inputs.
  ///   - threadCount: the threads that share the work; fewer are used for little work.
  ///   - instructionSet: the instructions that the inner loops use.
  /// - Complexity: O(sampleCount * weightCount / threadCount), less what zeros in the samples save.
  public func outputs(
    for samples: Samples, threadCount: Int = WorkerPool.processorCount, instructionSet: InstructionSet = .widest
  ) -> Matrix<Double> {
    outputsAndClasses(for: samples, threadCount: threadCount, instructionSet: instructionSet).outputs
  }

  /// The outputs for many samples and their classes, in one go.
  ///
  /// The parameters are those of ``outputs(for:threadCount:instructionSet:)``, and the classes those of
  /// ``predictions(for:threadCount:instructionSet:)``.
  public func outputsAndClasses(
    for samples: Samples, threadCount: Int = WorkerPool.processorCount, instructionSet: InstructionSet = .widest
  ) -> OutputsAndClasses {
    guard samples.count > 0 else {
      return OutputsAndClasses(outputs: Matrix(rowCount: 0, columnCount: architecture.outputCount), classes: [])
    }
    let (outputs, classes) = evaluate(
      samples, threadCount, instructionSet,
      article: {
        let outputs = SamplePrediction.outputs(of: self, for: $0, $1, instructionSet)
        return (outputs, outputs.indicesOfRowMaxima)
      },
      float32: { $0.outputsAndClasses(form.outputActivation) }, float64: { $0.outputsAndClasses(form.outputActivation) }
    )
    return OutputsAndClasses(outputs: outputs, classes: classes)
  }

  /// The class with the largest output for each of many samples, `[sampleCount]`: the same for any number of threads.
  ///
  /// Outputs can be so near to 1 that several are rounded to the same number. Then it is the one of the largest sum that
  /// enters an output; only in the article's networks the first of equals, as in its script.
  ///
  /// The parameters are those of ``outputs(for:threadCount:instructionSet:)``.
  public func predictions(
    for samples: Samples, threadCount: Int = WorkerPool.processorCount, instructionSet: InstructionSet = .widest
  ) -> [Int] {
    guard samples.count > 0 else { return [] }
    return evaluate(
      samples, threadCount, instructionSet,
      article: { SamplePrediction.outputs(of: self, for: $0, $1, instructionSet).indicesOfRowMaxima },
      float32: { $0.predictions() }, float64: { $0.predictions() })
  }

  /// Runs one of three closures, whichever the network is for.
  private func evaluate<Result>(
    _ samples: Samples, _ threadCount: Int, _ instructionSet: InstructionSet,
    article: (SampleMemory, WorkerPool) -> Result, float32: (BatchEvaluation<Float>) -> Result,
    float64: (BatchEvaluation<Double>) -> Result
  ) -> Result {
    precondition(samples.featureCount == architecture.inputCount, "a sample has as many features as the network inputs")
    // A thread takes longer to start than some hundred samples through a small network, and needs a sample, or a block.
    let shareCount = form.isArticle ? samples.count : BatchEvaluation<Float>.blockCount(of: samples.count)
    let pool = WorkerPool(
      threadCount: max(1, min(threadCount, shareCount, (samples.count * architecture.weightCount) >> 20)))
    return samples.withMemory { memory in
      if form.isArticle { return article(memory, pool) }
      let workspace = Workspace()
      defer { withExtendedLifetime(workspace) {} }
      func evaluation<Scalar: KernelScalar>(_: Scalar.Type) -> BatchEvaluation<Scalar> {
        BatchEvaluation(
          form, weights: weights.map { WeightPanels($0, in: workspace) }, memory: memory, pool: pool,
          kernels: BatchKernels(available: instructionSet))
      }
      return form.precision == .float32 ? float32(evaluation(Float.self)) : float64(evaluation(Double.self))
    }
  }

  /// The class of one sample, as ``predictions(for:threadCount:instructionSet:)`` gives it.
  public func prediction(for sample: [Double]) -> Int {
    predictions(for: Samples(Matrix(rowCount: 1, columnCount: sample.count, elements: sample)))[0]
  }
}

/// What a network makes of many samples.
public struct OutputsAndClasses: Equatable, Sendable {
  /// The outputs, `[sampleCount, outputCount]`.
  public let outputs: Matrix<Double>
  /// The class of each sample, `[sampleCount]`: the one with the largest output, told apart also where outputs are so near to
  /// 1 that several are rounded to the same number.
  public let classes: [Int]
}
