internal import ArgumentParser
internal import DurableFiles
internal import NeuralNetwork

/// The options that say which model answers.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A run folder, whose model answers. (default: runs/latest)", valueName: "folder"))
  var run: String?

  @Option(help: ArgumentHelp("A model's file, instead of a run.", valueName: "file"))
  var model: String?

  /// The rules between the options.
  func validate() throws {
    if run != nil, model != nil { throw ValidationError("--run and --model do not go together") }
    try checkNotEmpty(run, "--run", expected: "a folder")
    try checkNotEmpty(model, "--model", expected: "a file")
  }

  /// The model.
  func read() throws(CommandFailure) -> TrainedModel {
    if let model { return try SavedModel.read(model) }
    let folder = run ?? RunFolder.latestPath
    try RunFolder.checkExists(folder)
    return try SavedModel.read(FilePaths.join(folder, RunFolder.File.model.rawValue))
  }
}
