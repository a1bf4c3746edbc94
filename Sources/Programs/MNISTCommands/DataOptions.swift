internal import ArgumentParser
internal import Datasets
internal import Splitting

/// The options that say how the data is scaled, and which of it is trained on, judged by and tested on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How pixels are scaled. (default: by preset)",
      discussion: """
        minmax: smallest and largest value of the whole set, test part included, become 0 and 1, as in the article; \
        standard: each pixel to mean 0 and standard deviation 1 over the training part; none: as they are.
        """))
  var normalization: NormalizationKind?

  @Option(
    help: ArgumentHelp(
      "How training and test part are chosen. (default: by preset)",
      discussion: """
        random: from all samples; canonical: as the files have them. A preset's canonical gives way to random where \
        the data has no test part, or --test-size is given.
        """))
  var split: SplitKind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the samples that is held out, or, as a whole number, their count. "
        + "(default: \(Preset.article.settings.testSize))",
      discussion: "Only with a random split.", valueName: "fraction|count"),
    transform: DataOptions.size)
  var testSize: TestSize?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share or the count of training samples that the training does not see, and is judged by after each epoch.",
      discussion: "Default: 0, which is none.", valueName: "fraction|count"),
    transform: DataOptions.validationSize)
  var validationSize: ValidationSize?

  @Flag(help: "Keep the classes' shares equal in the parts of a random split, and in the validation part.")
  var stratify = false

  /// The size of a part that need not be.
  enum ValidationSize: Equatable, Sendable {
    case none
    case part(TestSize)
  }

  /// The validation part's size; nil where there is none.
  var validationPart: TestSize? {
    if case .part(let size) = validationSize { size } else { nil }
  }

  /// How a data set is split by these options and a preset, and the test size if that is at random.
  ///
  /// - Throws: where an option contradicts another one or the preset.
  func split(
    over preset: PresetSettings, of data: ImageDataset
  ) throws(ValidationError) -> (kind: SplitKind, testSize: TestSize?) {
    let kind = split ?? (data.testCount == 0 || data.trainingCount == 0 || testSize != nil ? .random : preset.split)
    try check(kind)
    return (kind, kind == .random ? testSize ?? preset.testSize : nil)
  }

  /// The rules between options, as far as they do not depend on the data.
  func validate() throws {
    if let split { try check(split) }
  }

  private func check(_ kind: SplitKind) throws(ValidationError) {
    guard kind == .canonical else { return }
    if testSize != nil { throw ValidationError("--test-size goes with --split random only") }
    if stratify, validationPart == nil {
      throw ValidationError("--stratify goes with --split random or --validation-size only")
    }
  }

  private static func validationSize(_ text: String) throws -> ValidationSize {
    Double(text) == 0 ? .none : .part(try size(text))
  }

  /// A size as the library reads it, but for a bare 1: whoever writes it rarely means a single sample.
  private static func size(_ text: String) throws -> TestSize {
    let size = try TestSize(parsing: text)
    guard size != .count(1) else {
      throw ValidationError("1 is no share that leaves samples to train on, and a single sample tells nothing")
    }
    return size
  }
}
