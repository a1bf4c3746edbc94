import LabelBinarization
import Matrices
import NeuralNetwork
import Normalization
import RandomSources

/// A small training of a random network on random samples.
struct TrainingScenario: Sendable {
  /// How the samples are given.
  enum Input: Sendable {
    /// Bytes, which are scaled alike.
    case bytes
    /// The same as bytes are scaled to, in a matrix.
    case matrix
    /// Bytes, each pixel of which is scaled in its own way.
    case standardized
  }

  var nodeCounts: [Int]
  var biases = NetworkForm.Biases.weights
  var activation = Activation.relu
  var precision = Precision.float64
  var input = Input.bytes
  var sampleCount = 60
  var hasValidation = false
  var seed: UInt64 = 1
  var settings: TrainingSettings

  /// What a training left behind.
  struct Result: Equatable {
    var network: NeuralNetwork
    var training: [CostAndAccuracy]
    var validation: [CostAndAccuracy?]
    var end: TrainingHistory.End
    var weightsEpoch: Int?
  }

  /// The network before the training.
  func untrained() throws -> NeuralNetwork {
    var source = SplittableRandomSource(seed: 5)
    let form = NetworkForm(
      try Architecture(nodeCounts), biases: biases, activation: activation,
      outputActivation: settings.loss.outputActivation, precision: precision)
    return NeuralNetwork(form, initializer: .xavier, using: &source)
  }

  /// Random images, four of five pixels blank, with random classes; those of the validation part are others.
  func images(isValidation: Bool = false) -> (bytes: [UInt8], classes: [Int]) {
    var source = SplittableRandomSource(seed: isValidation ? 7 : 6)
    let count = isValidation ? 70 : sampleCount
    let bytes = (0..<count * nodeCounts[0]).map { _ in
      source.uniform() < 0.8 ? 0 : UInt8(source.integer(through: 255))
    }
    return (bytes, (0..<count).map { _ in Int(source.integer(through: UInt64(classCount - 1))) })
  }

  var classCount: Int { nodeCounts[nodeCounts.count - 1] }

  /// How bytes are scaled.
  func normalizer() throws -> Normalizer {
    guard case .standardized = input else { return .minMax(try MinMaxScaler.fit([0, 255])) }
    return .standard(try StandardScaler.fit(images().bytes, featureCount: nodeCounts[0]))
  }

  /// Those of the images with the given indices, or all.
  func data(isValidation: Bool = false, at indices: [Int]? = nil) throws -> LabelledSamples {
    let (bytes, classes) = images(isValidation: isValidation)
    let indices = indices ?? Array(classes.indices)
    let samples = try normalizer().transform(bytes, featureCount: nodeCounts[0]).rows(at: indices)
    let targets = try LabelBinarizer(classCount: classCount).transform(classes).rows(at: indices)
    if case .matrix = input { return LabelledSamples(samples: Samples(samples.matrix()), targets: targets) }
    return LabelledSamples(samples: samples, targets: targets)
  }

  /// Trains.
  ///
  /// - Parameter indices: the samples to train on, in that order; all if nil.
  func run(
    threadCount: Int = 1, instructionSet: InstructionSet = .widest, from network: NeuralNetwork? = nil,
    at indices: [Int]? = nil, progress: (TrainingProgress) -> TrainingDirective = { _ in .proceed }
  ) throws -> Result {
    var network = try network ?? untrained()
    var source = SplittableRandomSource(seed: seed)
    var trainer = try Trainer(settings, threadCount: threadCount, instructionSet: instructionSet)
    // Small as it is, all threads share it.
    trainer.leastWorkOfThread = 0
    let history = try trainer.train(
      &network, on: try data(at: indices), validation: hasValidation ? try data(isValidation: true) : nil,
      using: &source, progress: progress)
    return Result(
      network: network, training: history.epochs.map(\.training), validation: history.epochs.map(\.validation),
      end: history.end, weightsEpoch: history.weightsEpoch)
  }

  /// The same scenario with changes.
  func with(_ change: (inout TrainingScenario) -> Void) -> TrainingScenario {
    var scenario = self
    change(&scenario)
    return scenario
  }
}

extension TrainingScenario: CustomStringConvertible {
  var description: String {
    "\(nodeCounts) \(input) \(precision), \(sampleCount) samples, batches of \(settings.batchSize), "
      + "\(settings.optimizer.name), \(settings.loss)"
  }
}
