public import Datasets
internal import DurableFiles
public import NeuralNetwork
public import Splitting

/// The settings of a training run. The settings and the data set determine the result of the run.
///
/// `config.json` stores a configuration.
///
/// ```swift
/// var configuration = try Configuration(.fast, dataset: "full", data: data)
/// configuration.training.epochs = 3
/// ```
public struct Configuration: Codable, Equatable, Sendable {
  /// The method that chooses the test samples.
  public enum Split: String, CaseIterable, Codable, Sendable {
    /// A random selection from all samples. The data set's own parts are ignored.
    case random
    /// The data set's own training part and test part.
    case canonical
  }

  /// The method that scales pixel values.
  public enum Normalization: String, CaseIterable, Codable, Sendable {
    /// Scaling to 0...1 with the smallest and the largest pixel value of the whole data set.
    case minMax = "minmax"
    /// Scaling of each pixel position with its mean and standard deviation in the training part.
    case standard
    /// No scaling.
    case none
  }

  /// The data set's name in the catalogue, or its absolute path.
  public var dataset: String
  /// The preset that provided the initial values of the settings.
  public var preset: Preset
  /// The form of the network: everything except the values of its weights.
  public var form: NetworkForm
  /// The method that draws the initial weights.
  public var initializer: WeightInitializer
  /// The settings of the training loop, such as epochs and learning rate.
  public var training: TrainingSettings
  /// The method that scales pixel values.
  public var normalization: Normalization
  /// The method that chooses the test samples.
  public var split: Split
  /// The size of the test part; nil if the split is not random.
  public var testSize: TestSize?
  /// The size of the validation part, which is taken from the training part; nil for no validation part.
  public var validationSize: TestSize?
  /// Whether each part has the same proportions of classes as the data set.
  public var stratify = false
  /// The seed of the random numbers.
  public var seed: UInt32 = 0
  /// The processor's instruction set that the kernels use.
  ///
  /// In a training run with batches, the last digits of the results depend on the instruction set.
  public var instructionSet = InstructionSet.widest

  /// The number of nodes in each layer.
  public var architecture: Architecture { form.architecture }

  /// The default test size of a random split.
  public static let usualTestSize = TestSize.fraction(0.25)
  /// The default learning rate of Adam.
  ///
  /// The rate is small because each step of Adam changes a weight by about the rate itself.
  static let adaptiveLearningRate = 0.001
}

extension Configuration {
  /// Creates the configuration of a preset.
  ///
  /// - Parameters:
  ///   - preset: The preset.
  ///   - dataset: The data set's name in the catalogue, or its path.
  ///   - data: The data set. The data set determines the numbers of inputs and outputs, and whether the split can be
  ///     canonical.
  /// - Throws: `ArchitectureError` if the data set has no class.
  public init(_ preset: Preset, dataset: String, data: ImageDataset) throws(ArchitectureError) {
    self = try preset.configuration(
      inputCount: data.featureCount, outputCount: data.classCount,
      hasOwnParts: data.trainingCount > 0 && data.testCount > 0)
    self.dataset = Self.fullName(ofDataset: dataset)
  }

  /// Returns the data set's name if it is in the catalogue, otherwise the data set's absolute path.
  static func fullName(ofDataset nameOrPath: String) -> String {
    DatasetCatalogue.description(named: nameOrPath)?.name ?? FilePaths.absolute(nameOrPath)
  }

  /// Changes the given settings and checks that all settings are compatible.
  ///
  /// - Parameter given: The new values by ``Setting/key``. Each value has the type of its setting.
  /// - Throws: `ExperimentError` of the kind `usage` if a value is out of range, or two settings are incompatible.
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
    // A test size without a split implies a random split.
    if given["split"] == nil, given["testSize"] != nil { split = .random }
    switch split {
    case .random: testSize = testSize ?? Self.usualTestSize
    case .canonical where given["testSize"] != nil:
      throw ExperimentError(.usage, "--test-size can be used only with --split random")
    case .canonical:
      testSize = nil
      if stratify, validationSize == nil {
        throw ExperimentError(.usage, "--stratify can be used only with --split random or --validation-size")
      }
    }
  }

  /// Returns the arguments of mnist-train that repeat this configuration.
  ///
  /// The arguments are the data set, the preset, the seed, and each setting that differs from the preset. The default
  /// instruction set of this machine is not included, so that the arguments also work on other machines. Optimizer
  /// constants without an option are not included either.
  ///
  /// - Parameter data: The data set, on which the defaults depend.
  /// - Throws: `ArchitectureError` if the data set has no class.
  func arguments(for data: ImageDataset) throws(ArchitectureError) -> [String] {
    var usual = try Configuration(preset, dataset: dataset, data: data)
    // The default learning rate depends on the kind of optimizer. If the kinds differ, the preset's rate becomes NaN,
    // so that the rates always differ.
    if training.optimizer.isAdaptive != usual.training.optimizer.isAdaptive { usual.training.learningRate = .nan }
    return Setting.groups(of: self, differingFrom: usual).joined().flatMap { $0.arguments(for: self) }
  }
}

/// A named set of default values for the settings.
public enum Preset: String, CaseIterable, Codable, Sendable {
  /// The network, training settings and split of the article.
  case article
  /// Settings that give a good result within seconds.
  case fast
  /// Settings that give the best result of a fully connected network.
  case accurate

  /// Returns the default preset for a data set: `fast` for images of 28x28 pixels, otherwise `article`.
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

  /// Returns the preset's configuration, with an empty data set name.
  ///
  /// - Parameters:
  ///   - inputCount: The number of pixels in an image.
  ///   - outputCount: The number of classes.
  ///   - hasOwnParts: Whether the data set has its own training part and test part.
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
  /// Returns the error if given values cannot replace the preset's values; nil if all given values are valid.
  ///
  /// The check does not depend on a data set.
  ///
  /// - Parameter given: The new values by ``Setting/key``.
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
