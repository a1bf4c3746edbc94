public import ArgumentParser
public import NeuralNetwork

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

  /// The network that these options and a preset make.
  ///
  /// - Parameters:
  ///   - preset: what is used where an option is not given.
  ///   - inputCount: the pixels of an image.
  ///   - outputCount: the data's classes.
  ///   - loss: what the output activation follows from.
  func form(
    over preset: PresetSettings, inputCount: Int, outputCount: Int, loss: Loss
  ) throws(ArchitectureError) -> NetworkForm {
    let usual = try Architecture([inputCount] + preset.hiddenCounts + [outputCount])
    return NetworkForm(
      architecture ?? usual, biases: biases ?? preset.biases, activation: activation ?? preset.activation,
      outputActivation: loss.outputActivation, precision: precision ?? preset.precision)
  }
}

extension Activation: ExpressibleByArgument {}
extension NetworkForm.Biases: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension WeightInitializer: ExpressibleByArgument {}
