public import ArgumentParser
internal import DigitPreparation
internal import DisplayText
internal import Drawing
internal import Experiments
internal import Foundation
internal import Images
internal import NeuralNetwork

/// `mnist-predict`: what a trained network takes a picture for.
public struct PredictCommand: ParsableCommand {
  /// Name, abstract and version.
  public static let configuration = CommandConfiguration(
    commandName: "mnist-predict",
    abstract: "Names the digit in a picture.",
    discussion: """
      Each picture shows one digit, drawn, scanned or photographed; dark on light or light on dark, of any size. It is made \
      into what the network learned from: ink told from paper, cut out, scaled, and centred as MNIST's digits are. A \
      picture of the network's own size on a dark ground, or an exact enlargement of one, is taken as it is.

        mnist-predict mine.png
        mnist-predict --json --run runs/first photos/*.png
        magick photo.jpg png:- | mnist-predict --show -

      Of a network with softmax outputs the numbers are probabilities. Sigmoid outputs, such as the article's, stand each \
      for itself: they do not add up to 1.

      A picture that cannot be read, or in which no digit can be told, is told on standard error; the others are answered, \
      and the exit status is 65.
      """,
    version: Program.version)

  @Argument(help: ArgumentHelp("PNG files; - is standard input.", valueName: "picture"))
  var pictures: [String]

  @OptionGroup
  var source: ModelOptions

  @Flag(help: "An array of objects on standard output, one for each picture: class, outputs, what was prepared.")
  var json = false

  @Flag(
    inversion: .prefixedNo,
    help: """
      Take pictures as they are, which must have the network's size or be exact enlargements; or prepare even those. \
      (default: as they are where they have that size, on a dark ground)
      """)
  var asIs: Bool?

  @Option(
    help: ArgumentHelp(
      "Whether the ink is dark or light. (default: what most of the picture speaks for)", valueName: "dark|light"))
  var ink: InkPolarity?

  @Flag(help: "Draw what the network sees, in half blocks.")
  var show = false

  @Option(
    help: ArgumentHelp(
      "Write what the network sees as PNG files into a folder; one of an earlier run is replaced.", valueName: "folder")
  )
  var savePrepared: String?

  @Flag(name: .shortAndLong, help: "No remarks; results and errors only.")
  var quiet = false

  /// A command with nothing set; the parser sets it.
  public init() {}

  /// The rules between the options.
  public func validate() throws {
    if pictures.count(where: { $0 == Picture.standardInputName }) > 1 {
      throw ValidationError("- is there twice, but standard input can be read only once")
    }
    for picture in pictures { try checkNotEmpty(picture, "a picture's name", expected: "a file") }
    if json, show { throw ValidationError("--show does not go with --json") }
    try checkNotEmpty(savePrepared, "--save-prepared", expected: "a folder")
  }

  /// Reads the model and the pictures, and answers.
  public func run() throws {
    do {
      let model = try source.read()
      let folder = try savePrepared.map { try PreparedPictures($0) }
      let digits = pictures.map { name in (name, Result { try digit(name, model) }.mapError(CommandFailure.init)) }
      let results = try PictureAnswer.results(for: digits, by: model)
      let answers = results.compactMap { try? $0.result.get() }
      // Where nothing could be answered, an earlier folder is worth more than an empty one.
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
        "the outputs are no probabilities: each sigmoid stands for itself, from 0 to 1, and they do not add up to 1")
    }
  }

  private func draw(_ image: GreyscaleImage) throws {
    let colours =
      Terminal.isStandardOutputATerminal
      ? HalfBlockPicture.Colours(environment: ProcessInfo.processInfo.environment) ?? .none : .none
    for line in HalfBlockPicture(image, colours: colours).lines { try StandardOutput.write(line + "\n") }
  }

  /// Ends with an error if there were any: the one picture's own, or each on a line and how many they were.
  private func end(_ failures: [CommandFailure]) throws(CommandFailure) {
    guard let first = failures.first else { return }
    guard pictures.count > 1 else { throw first }
    for failure in failures { StatusOutput(isQuiet: false).line("\(Self.configuration.commandName ?? ""): \(failure)") }
    throw CommandFailure(
      .badData, "\(failures.count) of \(pictures.count) pictures could not be answered")
  }
}

extension InkPolarity: ExpressibleByArgument {}

extension DigitForm {
  /// The form of a model's digits.
  init(_ model: TrainedModel) {
    self.init(rowCount: model.rowCount, columnCount: model.columnCount, largestPixel: model.largestPixel)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
