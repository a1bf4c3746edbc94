public import ArgumentParser
internal import Experiments
public import NeuralNetwork
internal import Splitting

/// The options that say what is trained on, with which settings, and where the result goes.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name that mnist-fetch-convert --list shows, or the path of a data set.",
      discussion: "IDX files or PNG files in a folder, a CSV file or a folder with train.csv, or an .npz file.",
      valueName: "name|path"))
  var dataset = "digits"

  @Option(
    help: """
      What the options below are by default, as in the table above. (default: fast for images of 28x28, otherwise \
      article)
      """)
  var preset: Preset?

  @Option(
    parsing: .unconditional,
    help: "Where the random numbers start, 0 to 4294967295: all that is drawn at random follows from it.")
  var seed: UInt32 = 0

  @Option(
    help: ArgumentHelp(
      "The run folder; a run that is there already is replaced.",
      discussion: "Default: runs/<universal time>-<data set>, and runs/latest leads to it.", valueName: "folder"))
  var output: String?

  func validate() throws {
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    try checkNotEmpty(output, "--output", expected: "a folder")
  }
}

/// The options that say what the network is.
struct NetworkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Node counts, input to output, such as 64,16,12,10.",
      discussion: "Default: the data's pixels, the preset's hidden layers, the data's classes.", valueName: "counts"),
    transform: { try Architecture(parsing: $0) })
  var architecture: Architecture?

  @Option(help: "What hidden units make of their sums. (default: by preset)")
  var activation: Activation?

  @Option(
    help: ArgumentHelp(
      "How units get their biases. (default: by preset)",
      discussion: """
        units: as in the article, an input that is always 1, and one more unit in each hidden layer; weights: one for \
        each unit of every layer, at first 0.
        """))
  var biases: NetworkForm.Biases?

  @Option(help: "The numbers to calculate with. (default: by preset)")
  var precision: Precision?

  @Option(
    help: ArgumentHelp(
      "How the weights are drawn. (default: by preset)",
      discussion: """
        standard-normal: mean 0, standard deviation 1; xavier: the same times the square root of 1 / inputs of a unit; \
        he: times the square root of 2 / inputs.
        """))
  var initializer: WeightInitializer?
}

/// The options that say how the network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "How often all training samples are gone through. (default: by preset)")
  var epochs: Int?

  @Option(
    parsing: .unconditional, help: "How many samples each change of the weights is made from. (default: by preset)")
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The step width of the gradient descent; of a schedule, the largest one. (default: by preset; 0.001 with \
      adam and adamw)
      """)
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How the learning rate changes. (default: by preset)",
      discussion: """
        step: by --step-factor after every --step-epochs; cosine: down to 0; one-cycle: up from a 25th, then down to \
        nearly 0.
        """))
  var learningRateSchedule: LearningRateSchedule.Name?

  @Option(
    parsing: .unconditional, help: "How many epochs a step of the learning rate lasts; only with step, which needs it.")
  var stepEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: "What a step multiplies the learning rate by; only with step. (default: 0.1)")
  var stepFactor: Double?

  @Option(
    parsing: .unconditional,
    help:
      "The share of the training in which the learning rate rises; only with one-cycle. (default: by preset, else 0.3)")
  var warmUp: Double?

  @Option(help: "How a gradient changes the weights. (default: by preset)")
  var optimizer: Optimizer.Name?

  @Option(
    parsing: .unconditional,
    help:
      "The share of the last change that is made again; only with --optimizer momentum or nesterov. (default: by preset, else 0.9)"
  )
  var momentum: Double?

  @Option(
    help: ArgumentHelp(
      "What the training makes small. (default: by preset)",
      discussion: """
        article: the squared error, with the article's gradient, which lacks the slope of the output's sigmoid; \
        squared-error: with its own gradient. The outputs are softmax with categorical-cross-entropy, otherwise sigmoid.
        """))
  var loss: Loss?

  @Option(parsing: .unconditional, help: "What share of each weight counts as gradient. (default: by preset)")
  var weightDecay: Double?

  @Option(
    parsing: .unconditional, help: "The share of hidden units left out at random for each sample. (default: by preset)")
  var dropout: Double?

  @Option(
    parsing: .unconditional, help: "The share of each target that is spread over all classes. (default: by preset)")
  var labelSmoothing: Double?

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Take the samples in a new random order in each epoch. (default: by preset)")
  var shuffle: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End after so many epochs without a new lowest validation cost.",
      discussion: "The weights are then those of the best epoch. Needs --validation-size. Default: never.",
      valueName: "epochs"))
  var earlyStopping: Int?
}

/// The options that say how the data is scaled, and which of it is trained on, judged by and tested on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How pixels are scaled. (default: by preset)",
      discussion: """
        minmax: smallest and largest value of the whole set, test part included, become 0 and 1, as in the article; \
        standard: each pixel to mean 0 and standard deviation 1 over the training part; none: as they are.
        """))
  var normalization: Configuration.Normalization?

  @Option(
    help: ArgumentHelp(
      "How training and test part are chosen. (default: by preset)",
      discussion: """
        random: from all samples; canonical: as the files have them. A preset's canonical gives way to random where \
        the data has no test part, or --test-size is given.
        """))
  var split: Configuration.Split?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the samples that is held out, or, as a whole number, their count. "
        + "(default: \(Configuration.usualTestSize))",
      discussion: "Only with a random split.", valueName: "fraction|count"),
    transform: DataOptions.size)
  var testSize: TestSize?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share or the count of training samples that the training does not see, and is judged by after each epoch.",
      discussion: "Default: 0, which is none.", valueName: "fraction|count"),
    transform: DataOptions.validationSize)
  var validationSize: TestSize?

  @Flag(help: "Keep the classes' shares equal in the parts of a random split, and in the validation part.")
  var stratify = false

  /// Returns the size of a part that need not be: a count of 0 stands for none.
  private static func validationSize(_ text: String) throws -> TestSize {
    Double(text) == 0 ? .count(0) : try size(text)
  }

  /// Returns a size as the library reads it, but for a bare 1: whoever writes it rarely means a single sample.
  private static func size(_ text: String) throws -> TestSize {
    let size = try TestSize(parsing: text)
    guard size != .count(1) else {
      throw ValidationError("1 is no share that leaves samples to train on, and a single sample tells nothing")
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

/// The values of options by the names of their properties, which are the keys of settings: `learningRate` for
/// `--learning-rate`. Options that were not given, and have no default, are left out.
func givenOptions(of groups: any ParsableArguments...) -> [String: Any] {
  var given: [String: Any] = [:]
  for group in groups {
    for child in Mirror(reflecting: group).children {
      // A property wrapper is stored behind an underscore.
      guard let name = child.label?.dropFirst(), let option = child.value as? any ParsedOption else { continue }
      given[String(name)] = option.givenValue
    }
  }
  return given
}

private protocol ParsedOption {
  /// The option's value; nil where it was not given and has no default.
  var givenValue: Any? { get }
}

extension Option: ParsedOption {
  fileprivate var givenValue: Any? { unwrapped(wrappedValue) }
}

extension Flag: ParsedOption {
  fileprivate var givenValue: Any? { unwrapped(wrappedValue) }
}

/// Returns what an optional holds, or another value itself; without the look-ups of `Mirror`, which take longer than the rest
/// of reading the options.
private func unwrapped(_ value: Any) -> Any? {
  func cast<Result>(to: Result.Type) -> Result? { value as? Result }
  return cast(to: Any?.self) ?? nil
}
