public import ArgumentParser
internal import DigitPreparation
internal import DisplayText
internal import Drawing
internal import Experiments
internal import Foundation
internal import Images
internal import NeuralNetwork

/// The command `mnist-predict`, which predicts the digit in each picture.
public struct PredictCommand: ParsableCommand {
  /// The command's name, help texts and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-predict",
    abstract: "Predicts the digit in each picture with a trained network.",
    discussion: """
      Each picture shows one digit, drawn, scanned or photographed, of any size, dark on light or light on dark. The \
      program prepares the picture like the digits of MNIST: it separates the ink from the paper, cuts out the digit, \
      scales it and centres it. A picture with a dark background and the size of the network's input, or an exact \
      enlargement of it, is used without preparation.

        mnist-predict mine.png
        mnist-predict --json --run runs/first photos/*.png
        magick photo.jpg png:- | mnist-predict --show -

      Each line of output names the predicted class, its output, and the next two classes. The outputs of a network with \
      softmax are probabilities. Sigmoid outputs, such as those of the preset article, are independent of each other and \
      do not add up to 1.

      A picture that cannot be read or contains no digit causes an error on standard error. The other pictures are still \
      answered, and the exit status is 65.
      """,
    version: Program.version)

  @Argument(
    help: ArgumentHelp("The PNG files; - stands for standard input.", valueName: "picture"),
    completion: .file(extensions: ["png", "PNG"]))
  var pictures: [String]

  @OptionGroup
  var source: ModelOptions

  @Flag(help: "Write a JSON array with one object for each picture: class, outputs and preparation.")
  var json = false

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: """
      --as-is: prepare no picture; each must have the size of the network's input or be an exact enlargement of it. \
      --no-as-is: prepare all pictures. (default: prepare all but those of such a size with a dark background)
      """)
  var asIs: Bool?

  @Option(
    help: ArgumentHelp(
      "The ink of the pictures that are prepared. (default: detected in each picture)", valueName: "dark|light"))
  var ink: InkPolarity?

  @Flag(help: "Also draw the input of the network with block characters.")
  var show = false

  @Option(
    help: ArgumentHelp(
      "Also write the inputs of the network as PNG files to this folder. An earlier folder of this kind is replaced.",
      valueName: "folder"), completion: .directory)
  var savePrepared: String?

  @Flag(name: .shortAndLong, help: "Write only results and errors, no notes.")
  var quiet = false

  /// Creates a command. The argument parser then sets the command's options.
  public init() {}

  /// Checks that the options do not contradict each other.
  ///
  /// - Throws: `ValidationError` at the first contradiction or empty name.
  public func validate() throws {
    if pictures.count(where: { $0 == Picture.standardInputName }) > 1 {
      throw ValidationError("- is given twice, but standard input can be read only once")
    }
    for picture in pictures { try checkNotEmpty(picture, "a picture's name", expected: "a file") }
    if asIs == true, ink != nil {
      throw ValidationError("--ink and --as-is cannot be combined, because --as-is prepares no picture")
    }
    if json, show { throw ValidationError("--show and --json cannot be combined") }
    try checkNotEmpty(savePrepared, "--save-prepared", expected: "a folder")
  }

  /// Reads the model and the pictures, and prints the predictions.
  ///
  /// - Throws: ``CommandFailure`` if any step fails.
  public func run() throws {
    do {
      let model = try source.read()
      let folder = try savePrepared.map { try PreparedPictures($0) }
      let digits = pictures.map { name in (name, Result { try digit(name, model) }.mapError(CommandFailure.init)) }
      let results = try PictureAnswer.results(for: digits, by: model)
      let answers = results.compactMap { try? $0.result.get() }
      // If there are no answers, an earlier folder is kept. Replacing it would leave an empty folder.
      let saved = answers.isEmpty ? nil : try folder?.write(answers)
      try write(results, model)
      if let saved { StatusOutput(isQuiet: quiet).line("Prepared pictures: \(saved)") }
      try end(results.compactMap(\.result.failure))
    } catch {
      throw CommandFailure(error)
    }
  }

  private func digit(_ name: String, _ model: TrainedModel) throws -> PreparedDigit {
    let image = try Picture.read(name)
    do {
      return try DigitPreparation(form: DigitForm(model)).prepare(image, polarity: ink, recognition: recognition)
    } catch {
      throw CommandFailure(.badData, "\(Picture.place(of: name)): \(error)")
    }
  }

  private var recognition: DigitPreparation.Recognition {
    switch asIs {
    case true?: .required
    case false?: .off
    case nil: .automatic
    }
  }

  private func write(_ results: [PictureAnswer.Named], _ model: TrainedModel) throws {
    var records: [PictureRecord] = []
    var answerCount = 0
    for (file, result) in results {
      switch result {
      case .failure(let failure):
        records.append(.failure(file: file, failure))
      case .success(let answer):
        answerCount += 1
        records.append(.answer(answer))
        if !json { try StandardOutput.line(answer.line(classNames: model.classNames)) }
        if show { try draw(answer.digit.image) }
      }
    }
    if json { try StandardOutput.write(indentedJSON(records)) }
    if !json, answerCount > 0, model.network.form.outputActivation == .sigmoid {
      StatusOutput(isQuiet: quiet).line(
        "the outputs are not probabilities: each sigmoid output is between 0 and 1, and they do not add up to 1")
    }
  }

  private func draw(_ image: GreyscaleImage) throws {
    let colours =
      Terminal.isStandardOutputATerminal
      ? HalfBlockPicture.Colours(environment: ProcessInfo.processInfo.environment) ?? .none : .none
    for line in HalfBlockPicture(image, colours: colours).lines { try StandardOutput.write(line + "\n") }
  }

  /// Reports the pictures without a prediction.
  ///
  /// - Throws: A failure if any picture has no prediction. For a single picture, the picture's own failure is thrown.
  ///   For several pictures, each failure is written on its own line, and the thrown failure contains the number of
  ///   failures.
  private func end(_ failures: [CommandFailure]) throws(CommandFailure) {
    guard let first = failures.first else { return }
    guard pictures.count > 1 else { throw first }
    for failure in failures { StatusOutput(isQuiet: false).line("\(Self.configuration.commandName ?? ""): \(failure)") }
    throw CommandFailure(
      .badData, "\(failures.count) of \(pictures.count) pictures have no prediction")
  }
}

extension InkPolarity: ExpressibleByArgument {}

extension DigitForm {
  /// Creates the form of a model's digits: their size and largest pixel value.
  init(_ model: TrainedModel) {
    self.init(rowCount: model.rowCount, columnCount: model.columnCount, largestPixel: model.largestPixel)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
