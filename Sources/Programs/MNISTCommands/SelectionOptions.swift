public import ArgumentParser
internal import Datasets
public import Export

/// The options that say which samples are shown, and in which order.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The order of the lists. (default: index)",
      discussion: """
        index: by the place in the data set; confidence: the most confident error first; loss: the largest loss first. \
        Contact sheets always have the largest loss first.
        """))
  var sort: SampleOrder?

  @Option(parsing: .unconditional, help: "The most digits to show; the first ones in the order of --sort.")
  var limit: Int?

  @Option(help: ArgumentHelp("Only digits of this class, by number or name.", valueName: "class"))
  var actual: String?

  @Option(help: ArgumentHelp("Only digits taken for this class, by number or name.", valueName: "class"))
  var predicted: String?

  @Flag(help: "All digits, not only the errors.")
  var all = false

  /// The limits of the options.
  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit), expected at least 1") }
  }

  /// The selection, once the classes are known.
  func selection(for evaluated: EvaluatedPart) throws(CommandFailure) -> SampleSelection {
    SampleSelection(
      order: sort ?? .index, limit: limit, actual: try label(actual, "--actual", evaluated),
      predicted: try label(predicted, "--predicted", evaluated), includesCorrect: all)
  }

  /// The class that an option names: by its name, where a class has such a one, otherwise by its number.
  private func label(_ text: String?, _ option: String, _ evaluated: EvaluatedPart) throws(CommandFailure) -> Int? {
    guard let text else { return nil }
    let names = evaluated.classNames
    if let label = names.firstIndex(of: text) { return label }
    let withoutCase = names.indices.filter { names[$0].lowercased() == text.lowercased() }
    if withoutCase.count == 1 { return withoutCase[0] }
    guard let label = Int(text), names.indices.contains(label) else {
      throw CommandFailure(
        .usage, "\(option) is '\(text)', expected a class of \(evaluated.data.name): 0 to \(names.count - 1), or a name"
      )
    }
    return label
  }
}

extension SampleOrder: ExpressibleByArgument {}
