internal import DisplayText
public import Evaluation
public import NeuralNetwork

/// A run as a page: one HTML file that needs nothing else, neither beside it nor from a network.
///
/// ```swift
/// let report = RunReport(
///   data: DataSummary(name: "digits", sha256: checksum, trainingCount: 1347, testCount: 450), model: model,
///   history: history, confusionMatrix: matrix, errors: errors,
///   reproduction: Reproduction(commandLine: ["mnist-train"], settings: [], version: "0.1.0"))
/// try DurableFile.write(Array(try report.html().utf8), to: "report.html")
/// ```
///
/// It shows the training's curves, the scores of the classes, the confusion matrix, whose cells filter a gallery of the
/// errors, and how to repeat the run. All but the filter and the pad is there without JavaScript. The same values give the
/// same text.
public struct RunReport: Sendable {
  /// The data, and how it was divided.
  public var data: DataSummary
  /// The trained model.
  public var model: TrainedModel
  /// What the training went through.
  public var history: TrainingHistory
  /// The test part: `[classCount, classCount]`.
  public var confusionMatrix: ConfusionMatrix
  /// The errors to show, in any order; there may be fewer than the matrix counts.
  public var errors: [Misclassification]
  /// Test samples whose labels are known to be wrong; nil where no such are known.
  public var knownLabelErrors: KnownLabelErrorCounts?
  /// How to do it again.
  public var reproduction: Reproduction
  /// What is to say before all else, such as that the training diverged; a sentence each.
  public var notes: [String]

  /// A page of its parts.
  ///
  /// - Precondition: the matrix has the model's classes, and every error their number of outputs and the image's pixels.
  public init(
    data: DataSummary, model: TrainedModel, history: TrainingHistory, confusionMatrix: ConfusionMatrix,
    errors: [Misclassification], knownLabelErrors: KnownLabelErrorCounts? = nil,
    reproduction: Reproduction, notes: [String] = []
  ) {
    let classCount = model.classNames.count
    precondition(confusionMatrix.classCount == classCount, "the matrix has the model's classes")
    precondition(
      errors.allSatisfy {
        $0.sample.outputs.count == classCount && $0.pixels.count == model.rowCount * model.columnCount
      }, "every error has the model's classes and pixels")
    self.data = data
    self.model = model
    self.history = history
    self.confusionMatrix = confusionMatrix
    self.errors = errors
    self.knownLabelErrors = knownLabelErrors
    self.reproduction = reproduction
    self.notes = notes
  }

  /// How many errors a page shows at most; where images are large or classes many, they are fewer.
  public static let maximumGalleryCount = 500
}

/// The data of a run: what tells it from any other, and how it was divided.
public struct DataSummary: Equatable, Sendable {
  /// The data set's name.
  public var name: String
  /// What the page is headed: what the data is.
  public var title: String
  /// Of all pixels and labels, in hexadecimal digits.
  public var sha256: String
  /// The samples that were trained on.
  public var trainingCount: Int
  /// The samples that each epoch was judged by.
  public var validationCount: Int
  /// The samples that were tested on.
  public var testCount: Int

  /// A summary of its parts; without a title of its own it is called by its name.
  public init(
    name: String, title: String? = nil, sha256: String, trainingCount: Int, validationCount: Int = 0, testCount: Int
  ) {
    self.name = name
    self.title = title ?? name
    self.sha256 = sha256
    self.trainingCount = trainingCount
    self.validationCount = validationCount
    self.testCount = testCount
  }
}

/// An error with its image, as the page's gallery shows it.
public struct Misclassification: Equatable, Sendable {
  /// The sample.
  public var sample: PredictedSample
  /// The image, `[rowCount, columnCount]`.
  public var pixels: [UInt8]
  /// Whether the label is known to be wrong.
  public var hasKnownLabelError: Bool

  /// Creates an error with its image.
  public init(_ sample: PredictedSample, pixels: [UInt8], hasKnownLabelError: Bool = false) {
    self.sample = sample
    self.pixels = pixels
    self.hasKnownLabelError = hasKnownLabelError
  }
}

/// How to do a run again: the command that does it, and what it stands for.
public struct Reproduction: Equatable, Sendable {
  /// Something that was set, or could have been.
  public struct Setting: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// What it was.
    public var value: String

    /// A setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The program and its arguments.
  public var commandLine: [String]
  /// All settings, in the order to show them.
  public var settings: [Setting]
  /// The version of the programs.
  public var version: String

  /// A command and its settings.
  public init(commandLine: [String], settings: [Setting], version: String) {
    self.commandLine = commandLine
    self.settings = settings
    self.version = version
  }

  /// The command as a shell takes it: what is more than a plain word is quoted. An argument with characters that cannot
  /// be shown is written as `$'...'`, whose escapes bash, zsh and ksh understand.
  public var shellCommand: String {
    commandLine.map(Self.quoted).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.unicodeScalars.allSatisfy {
      "a"..."z" ~= $0 || "A"..."Z" ~= $0 || "0"..."9" ~= $0 || "-_./,:=+@%".unicodeScalars.contains($0)
    }
    guard argument.unicodeScalars.allSatisfy(\.isDisplayable) else { return quotedWithEscapes(argument) }
    return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
  }

  private static func quotedWithEscapes(_ argument: String) -> String {
    let scalars = argument.unicodeScalars.map { scalar in
      switch scalar {
      case "'", "\\": "\\" + String(scalar)
      case _ where scalar.isDisplayable: String(scalar)
      default:
        String(scalar).utf8.map { #"\x"# + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
    }
    return "$'" + scalars.joined() + "'"
  }
}
