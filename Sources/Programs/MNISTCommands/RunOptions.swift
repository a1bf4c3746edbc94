internal import ArgumentParser

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

  /// Checks that no path is empty.
  func validate() throws {
    try checkNotEmpty(dataset, "--dataset", expected: "a name or a path")
    try checkNotEmpty(output, "--output", expected: "a folder")
  }
}
