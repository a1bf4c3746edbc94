public import Datasets
internal import DurableFiles
public import NeuralNetwork
public import Splitting

/// All that a training's result depends on besides the data; what `config.json` keeps.
///
/// ```swift
/// var configuration = try Configuration(.fast, dataset: "full", data: data)
/// configuration.training.epochs = 3
/// ```
public struct Configuration: Codable, Equatable, Sendable {
  /// How the test samples are chosen.
  public enum Split: String, CaseIterable, Codable, Sendable {
    /// All samples pooled, then a share of them at random.
    case random
    /// The data set's own training and test files.
    case canonical
  }

  /// How pixels are scaled.
  public enum Normalization: String, CaseIterable, Codable, Sendable {
    /// By the smallest and largest value of the whole data set.
    case minMax = "minmax"
    /// Each pixel by its mean and standard deviation in the training part.
    case standard
    /// As they are.
    case none
  }

  /// A name of the catalogue, or the absolute path of a data set.
  public var dataset: String
  /// The set of settings that these began with.
  public var preset: Preset
  /// The network, but for its weights' values.
  public var form: NetworkForm
  /// How the weights are drawn.
  public var initializer: WeightInitializer
  /// How the network is trained.
  public var training: TrainingSettings
  /// How pixels are scaled.
  public var normalization: Normalization
  /// How the test samples are chosen.
  public var split: Split
  /// The size of the test part; only of a random split.
  public var testSize: TestSize?
  /// The size of the validation part, out of the training part; nil for none.
  public var validationSize: TestSize?
  /// Whether the parts keep the classes' shares.
  public var stratify = false
  /// Where the random numbers start.
  public var seed: UInt32 = 0
  /// The instructions that are used: the last digits of a training in batches depend on them.
  public var instructionSet = InstructionSet.widest

  /// The node counts of the layers.
  public var architecture: Architecture { form.architecture }

  /// The test size of a random split, where none is given.
  public static let usualTestSize = TestSize.fraction(0.25)
  /// The learning rate of Adam, whose steps have the size of the rate itself, where none is given.
  static let adaptiveLearningRate = 0.001
}

extension Configuration {
  /// Creates the configuration that a preset stands for.
  ///
  /// - Parameters:
  ///   - preset: The preset.
  ///   - dataset: A name of the catalogue, or a path.
  ///   - data: The data set of that name, which decides the inputs and outputs of the network, and whether there are
  ///     parts of its own to train and test on.
  /// - Throws: `ArchitectureError` where the data has no class.
  public init(_ preset: Preset, dataset: String, data: ImageDataset) throws(ArchitectureError) {
    self = try preset.configuration(
      inputCount: data.featureCount, outputCount: data.classCount,
      hasOwnParts: data.trainingCount > 0 && data.testCount > 0)
    self.dataset = Self.fullName(ofDataset: dataset)
  }

  /// Returns a data set's name in the catalogue, otherwise the absolute path.
  static func fullName(ofDataset nameOrPath: String) -> String {
    DatasetCatalogue.description(named: nameOrPath)?.name ?? FilePaths.absolute(nameOrPath)
  }

  /// Changes the settings that are given, each by its ``Setting/key``, and checks that they go together.
  ///
  /// - Parameter given: Values of the settings' types.
  public mutating func apply(_ given: [String: Any]) throws(ExperimentError) {
    let wasAdaptive = training.optimizer.isAdaptive
    for setting in Setting.all {
      if let value = given[setting.key] { try setting.apply(value, &self) }
    }
    if given["learningRate"] == nil, training.optimizer.isAdaptive, !wasAdaptive {
      training.learningRate = Self.adaptiveLearningRate
    }
    if case .step(0, _) = training.schedule {
      throw ExperimentError(.usage, "--learning-rate-schedule step needs --step-epochs")
    }
    do throws(TrainerError) { try training.validate() } catch { throw ExperimentError(error) }
    // A test size asks for a random split, unless the other one is asked for too.
    if given["split"] == nil, given["testSize"] != nil { split = .random }
    switch split {
    case .random: testSize = testSize ?? Self.usualTestSize
    case .canonical where given["testSize"] != nil:
      throw ExperimentError(.usage, "--test-size goes with --split random only")
    case .canonical:
      testSize = nil
      if stratify, validationSize == nil {
        throw ExperimentError(.usage, "--stratify goes with --split random or --validation-size only")
      }
    }
  }

  /// Returns the arguments of mnist-train that give this configuration: data set, preset and seed, and what differs from
  /// the preset's.
  ///
  /// An instruction set is among them only where it is not the one that this machine takes by itself, so that the arguments
  /// suit other machines. Constants of an optimizer that no option sets are not among them.
  ///
  /// - Parameter data: The data set, on which defaults depend.
  func arguments(for data: ImageDataset) throws(ArchitectureError) -> [String] {
    var usual = try Configuration(preset, dataset: dataset, data: data)
    // The usual rate follows from the optimizer, so that it is given where that is of another kind.
    if training.optimizer.isAdaptive != usual.training.optimizer.isAdaptive { usual.training.learningRate = .nan }
    return Setting.groups(of: self, differingFrom: usual).joined().flatMap { $0.arguments(for: self) }
  }
}

/// A set of settings under one name, each of which can be changed.
public enum Preset: String, CaseIterable, Codable, Sendable {
  /// The article's: its network, its training, its split.
  case article
  /// A good result within seconds.
  case fast
  /// The best result that a network of this kind gives.
  case accurate

  /// The preset that is used where none is asked for.
  public static func usual(for data: ImageDataset) -> Preset {
    data.rowCount == 28 && data.columnCount == 28 ? .fast : .article
  }

  private var hiddenCounts: [Int] {
    switch self {
    case .article: [16, 12]
    case .fast: [256, 128]
    case .accurate: [1024, 512]
    }
  }

  private var training: TrainingSettings {
    switch self {
    case .article: TrainingSettings(epochs: 100, learningRate: 0.1)
    case .fast:
      TrainingSettings(
        epochs: 10, batchSize: 128, learningRate: 0.3, schedule: .oneCycle(), optimizer: .nesterov(0.9),
        loss: .categoricalCrossEntropy, labelSmoothing: 0.05, shuffles: true)
    case .accurate:
      TrainingSettings(
        epochs: 20, batchSize: 128, learningRate: 0.2, schedule: .oneCycle(), optimizer: .nesterov(0.9),
        loss: .categoricalCrossEntropy, weightDecay: 0.00003, dropout: 0.1, labelSmoothing: 0.1, shuffles: true)
    }
  }

  /// Returns what the preset stands for, without a data set's name.
  ///
  /// - Parameters:
  ///   - inputCount: The pixels of an image.
  ///   - outputCount: The number of classes.
  ///   - hasOwnParts: Whether the data has a training and a test part of its own.
  func configuration(
    inputCount: Int, outputCount: Int, hasOwnParts: Bool
  ) throws(ArchitectureError) -> Configuration {
    let (training, isArticle) = (training, self == .article)
    let architecture = try Architecture([inputCount] + hiddenCounts + [outputCount])
    let split: Configuration.Split = isArticle || !hasOwnParts ? .random : .canonical
    return Configuration(
      dataset: "", preset: self,
      form: isArticle
        ? NetworkForm(architecture)
        : NetworkForm(
          architecture, biases: .weights, activation: .relu, outputActivation: training.loss.outputActivation,
          precision: .float32),
      initializer: isArticle ? .standardNormal : .he, training: training, normalization: .minMax, split: split,
      testSize: split == .random ? Configuration.usualTestSize : nil)
  }
}

extension Preset {
  /// Returns what forbids to change some of the preset's settings, whatever the data is; nil where nothing does.
  public func problem(with given: [String: Any]) -> ExperimentError? {
    do {
      var configuration = try configuration(inputCount: 1, outputCount: 1, hasOwnParts: false)
      try configuration.apply(given)
      return nil
    } catch {
      return ExperimentError(error)
    }
  }
}
