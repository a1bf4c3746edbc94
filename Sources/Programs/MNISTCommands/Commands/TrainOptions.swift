public import ArgumentParser
internal import Experiments
public import NeuralNetwork
internal import Splitting

/// The options for the data set, the preset, the random seed and the run folder.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data set: a name that mnist-fetch-convert --list shows, or a path.",
      discussion: """
        A path is an .npz file, a CSV file with a label and pixels in each line, or a folder that contains IDX files, a \
        file train.csv, or one folder of PNG files for each class.
        """,
      valueName: "name|path"), completion: .file())
  var dataset = "digits"

  @Option(
    help: """
      The preset, which gives the options below their default values; see the table above. (default: fast for images \
      of 28x28 pixels, otherwise article)
      """)
  var preset: Preset?

  @Option(
    parsing: .unconditional,
    help: """
      The random seed, 0 to 4294967295. The split, the initial weights, shuffling and dropout depend on it. The same \
      seed gives the same results.
      """)
  var seed: UInt32 = 0

  @Option(
    help: ArgumentHelp(
      "The run folder to write. An earlier run in this folder is replaced.",
      discussion: """
        Default: runs/<date>-<time>-<data set>, in UTC. The link runs/latest then leads to the new run.
        """, valueName: "folder"), completion: .directory)
  var output: String?

  func validate() throws {
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    try checkNotEmpty(output, "--output", expected: "a folder")
  }
}

/// The options for the form of the network.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of units in each layer, from input to output, such as 64,16,12,10.",
      discussion: """
        The first number must be the number of pixels of an image, the last one the number of classes. \
        Default: these two numbers, with the preset's hidden layers between them.
        """, valueName: "counts"),
    transform: { try Architecture(parsing: $0) })
  var architecture: Architecture?

  @Option(help: "The activation function of the hidden layers. (default: from the preset)")
  var activation: Activation?

  @Option(
    help: ArgumentHelp(
      "The form of the biases. (default: from the preset)",
      discussion: """
        units: as in the article, one input with the constant value 1 is added, and one unit is added to each hidden \
        layer. This unit has weights and an activation like the others, and is not counted in --architecture. weights: each unit has its own bias, which is initially 0.
        """))
  var biases: NetworkForm.Biases?

  @Option(help: "The floating-point type of the weights and the computation. (default: from the preset)")
  var precision: Precision?

  @Option(
    help: ArgumentHelp(
      "The distribution of the initial weights. (default: from the preset)",
      discussion: """
        All three are normal distributions with mean 0. With n inputs of a unit, the standard deviation is 1 for \
        standard-normal, sqrt(1/n) for xavier, and sqrt(2/n) for he.
        """))
  var initializer: WeightInitializer?
}

/// The options for the training of the network.
struct TrainingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The number of epochs, which are passes through the training part, at least 1. (default: from the preset)")
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: "The number of samples for each update of the weights, at least 1. (default: from the preset)")
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The learning rate, above 0. With the schedules cosine and one-cycle, this is the largest value. (default: from the \
      preset; with adam or adamw, 0.001)
      """)
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "The change of the learning rate during the training. (default: from the preset)",
      discussion: """
        constant: it does not change. step: it is multiplied by --step-factor after every --step-epochs epochs. \
        cosine: it falls to 0 along a half cosine. one-cycle: it rises from 1/25 of --learning-rate to --learning-rate, \
        then falls to nearly 0.
        """))
  var learningRateSchedule: LearningRateSchedule.Name?

  @Option(
    parsing: .unconditional,
    help: """
      The number of epochs between two changes of the learning rate, at least 1. Required with \
      --learning-rate-schedule step, and only valid with it.
      """)
  var stepEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The factor by which the learning rate is multiplied, above 0. Only with --learning-rate-schedule step. \
      (default: 0.1)
      """)
  var stepFactor: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The fraction of the training in which the learning rate rises, above 0 and below 1. Only with \
      --learning-rate-schedule one-cycle. (default: from the preset, otherwise 0.3)
      """)
  var warmUp: Double?

  @Option(help: "The optimizer, which updates the weights from the gradient. (default: from the preset)")
  var optimizer: Optimizer.Name?

  @Option(
    parsing: .unconditional,
    help: """
      The momentum, from 0 to below 1. Only with --optimizer momentum or nesterov. (default: from the preset, otherwise \
      0.9)
      """)
  var momentum: Double?

  @Option(
    help: ArgumentHelp(
      "The loss function. (default: from the preset)",
      discussion: """
        squared-error: the sum of the squared output errors. article: the same loss with the article's gradient, which \
        omits the derivative of the output's sigmoid. The output activation is softmax with categorical-cross-entropy, \
        and sigmoid with the other losses. The column cost of history.csv contains the mean loss over the samples.
        """))
  var loss: Loss?

  @Option(
    parsing: .unconditional,
    help: """
      The L2 regularization, 0 or more: this factor times the weight is added to the gradient of each weight. With \
      adamw, the weights shrink directly instead. (default: from the preset)
      """)
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The dropout rate, from 0 to below 1: the fraction of the units of each hidden layer that is left out at random \
      for each sample. (default: from the preset)
      """)
  var dropout: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The label smoothing, from 0 to below 1: the fraction of each one-hot target that is spread evenly over all \
      classes. (default: from the preset)
      """)
  var labelSmoothing: Double?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Shuffle the training samples before each epoch. (default: from the preset)")
  var shuffle: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Early stopping: end after this many epochs in a row, at least 1, without a new lowest validation loss.",
      discussion: """
        The model keeps the weights of the epoch with the lowest validation loss. Needs --validation-size. \
        Default: no early stopping.
        """,
      valueName: "epochs"))
  var earlyStopping: Int?
}

/// The options for the scaling of the pixels, and for the split into training, validation and test parts.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The scaling of the pixels. (default: from the preset)",
      discussion: """
        minmax: the smallest pixel value of the whole data set, test part included, becomes 0 and the largest becomes 1, \
        as in the article. standard: each pixel position has mean 0 and standard deviation 1 over the training part. \
        none: the pixel values are not scaled.
        """))
  var normalization: Configuration.Normalization?

  @Option(
    help: ArgumentHelp(
      "The split into training and test part.",
      discussion: """
        random: the test part is drawn at random from all samples. canonical: the parts are those of the data set's own \
        training and test files. Default: from the preset, but random with --test-size, or if the data set \
        lacks one of these parts; canonical is then an error.
        """))
  var split: Configuration.Split?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The test part: a fraction of all samples, above 0 and below 1, or a number of samples, at least 2. Only with "
        + "--split random. (default: \(Configuration.usualTestSize))",
      valueName: "fraction|count"),
    transform: DataOptions.size)
  var testSize: TestSize?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The validation part: a fraction of the training part, a number of samples, at least 2, or 0 for none. (default: 0)",
      discussion: """
        The network is not trained on the validation part. Its loss and accuracy on this part are computed after each \
        epoch.
        """, valueName: "fraction|count"),
    transform: DataOptions.validationSize)
  var validationSize: TestSize?

  @Flag(help: "Give all parts that are drawn at random the same proportions of the classes.")
  var stratify = false

  /// Parses the size of the validation part. A count of 0 means no validation part.
  private static func validationSize(_ text: String) throws -> TestSize {
    Double(text) == 0 ? .count(0) : try size(text)
  }

  /// Parses the size of a part. The size 1 is refused, because the user probably means a fraction, not a single sample.
  private static func size(_ text: String) throws -> TestSize {
    let size = try TestSize(parsing: text)
    guard size != .count(1) else {
      throw ValidationError("expected a fraction between 0 and 1, or a number of samples, at least 2")
    }
    return size
  }
}

extension Preset: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension NetworkForm.Biases: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension WeightInitializer: ExpressibleByArgument {}
extension Optimizer.Name: ExpressibleByArgument {}
extension LearningRateSchedule.Name: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
extension Configuration.Normalization: ExpressibleByArgument {}
extension Configuration.Split: ExpressibleByArgument {}

/// Returns the values of options by the names of their properties, such as `learningRate` for `--learning-rate`.
///
/// The property names are the keys of the settings. Options that have neither a value nor a default are left out.
func givenOptions(of groups: any ParsableArguments...) -> [String: Any] {
  var given: [String: Any] = [:]
  for group in groups {
    for child in Mirror(reflecting: group).children {
      // The stored property of a property wrapper has the property's name with an underscore in front.
      guard let name = child.label?.dropFirst(), let option = child.value as? any ParsedOption else { continue }
      given[String(name)] = option.givenValue
    }
  }
  return given
}

private protocol ParsedOption {
  /// The option's value; nil if the option was not given and has no default.
  var givenValue: Any? { get }
}

extension Option: ParsedOption {
  fileprivate var givenValue: Any? { unwrapped(wrappedValue) }
}

extension Flag: ParsedOption {
  fileprivate var givenValue: Any? { unwrapped(wrappedValue) }
}

/// Returns the wrapped value of an optional. Any other value is returned unchanged.
///
/// `Mirror` could also unwrap the value, but it takes longer than all other steps of parsing the options.
private func unwrapped(_ value: Any) -> Any? {
  func cast<Result>(to: Result.Type) -> Result? { value as? Result }
  return cast(to: Any?.self) ?? nil
}
