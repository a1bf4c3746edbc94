public import ArgumentParser
public import DatasetFormats
internal import MNISTCommands

/// The options that say what data sets are converted to.
struct ConversionOptions: ParsableArguments {
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "Write the data sets in this format, too.",
      discussion: """
        idx: a folder of raw IDX files; idx-gz: the same gzipped, as MNIST is published; csv: a folder with train.csv and \
        test.csv in Kaggle's layout, or one file for one part; npz: the NumPy arrays x_train, y_train, x_test and \
        y_test, as Keras has them; png: a folder for each class in train and in test.
        """, valueName: "format"))
  var format: DatasetFormat?

  @Option(
    help: ArgumentHelp(
      "Where to. What is there already in that format's layout is replaced, and nothing else.",
      discussion: "Default: in the current folder, named for the data set, such as full.npz or full-csv.",
      valueName: "path"))
  var output: String?

  @Option(help: "Which part is written: train, test, or all, which is both. (default: all)")
  var split: DatasetSplit?

  @Option(
    help: ArgumentHelp(
      "The images' size, such as 28x20, for CSV files that do not tell it and whose images are not square.",
      valueName: "rowsxcolumns"))
  var imageSize: ImageSize?

  /// The rules between these options.
  func validate() throws {
    try checkNotEmpty(output, "--output", expected: "a path")
    guard format == nil else { return }
    let given = [("--output", output != nil), ("--split", split != nil), ("--image-size", imageSize != nil)]
    if let name = given.first(where: \.1)?.0 {
      throw ValidationError("\(name) goes with --to only, which names the format")
    }
  }
}

extension DatasetFormat: ExpressibleByArgument {}

extension DatasetSplit: ExpressibleByArgument {}

extension ImageSize: ExpressibleByArgument {
  /// The size that a text tells.
  public init?(argument: String) {
    self.init(argument)
  }
}
