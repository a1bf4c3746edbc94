internal import DisplayText
public import Evaluation
public import NeuralNetwork

/// The report page of a training run: one HTML file that needs no other file and no network connection.
///
/// ```swift
/// let report = RunReport(
///   data: DataSummary(name: "digits", sha256: checksum, trainingCount: 1347, testCount: 450), model: model,
///   history: history, confusionMatrix: matrix, errors: errors,
///   reproduction: Reproduction(commandLine: ["mnist-train"], settings: [], version: "0.1.0"))
/// try DurableFile.write(Array(try report.html().utf8), to: "report.html")
/// ```
///
/// The page shows the training curves, the scores of the classes, the confusion matrix, a gallery of the errors, and
/// the command that repeats the run. A click on a cell of the matrix filters the gallery. The filter, the sort order
/// and the drawing pad need JavaScript. All other parts of the page work without JavaScript. Reports with equal values
/// give equal pages.
public struct RunReport: Sendable {
  /// The data set, and the sizes of its parts.
  public var data: DataSummary
  /// The trained model.
  public var model: TrainedModel
  /// The loss and the accuracy of each epoch.
  public var history: TrainingHistory
  /// The confusion matrix of the test part, `[classCount, classCount]`.
  public var confusionMatrix: ConfusionMatrix
  /// The errors to show, in any order. The list may contain fewer errors than the confusion matrix.
  public var errors: [Misclassification]
  /// The counts of test samples whose labels are known to be wrong; nil if there are no such samples.
  public var knownLabelErrors: KnownLabelErrorCounts?
  /// The command and the settings that repeat the run.
  public var reproduction: Reproduction
  /// The notes at the top of the page, one sentence each. A note can say that the training diverged.
  public var notes: [String]

  /// Creates a report.
  ///
  /// - Precondition: The confusion matrix has the classes of the model. Each error has one output per class and all
  ///   pixels of an image.
  public init(
    data: DataSummary, model: TrainedModel, history: TrainingHistory, confusionMatrix: ConfusionMatrix,
    errors: [Misclassification], knownLabelErrors: KnownLabelErrorCounts? = nil,
    reproduction: Reproduction, notes: [String] = []
  ) {
    let classCount = model.classNames.count
    precondition(confusionMatrix.classCount == classCount, "the confusion matrix must have the classes of the model")
    precondition(
      errors.allSatisfy {
        $0.sample.outputs.count == classCount && $0.pixels.count == model.rowCount * model.columnCount
      }, "each error must have one output per class and all pixels of an image")
    self.data = data
    self.model = model
    self.history = history
    self.confusionMatrix = confusionMatrix
    self.errors = errors
    self.knownLabelErrors = knownLabelErrors
    self.reproduction = reproduction
    self.notes = notes
  }

  /// The maximum number of errors on a page. The page shows fewer errors if the images are large or if there are many
  /// classes.
  public static let maximumGalleryCount = 500
}

/// The data set of a run, and the sizes of its parts.
public struct DataSummary: Equatable, Sendable {
  /// The name of the data set.
  public var name: String
  /// The heading of the page, which describes the data set.
  public var title: String
  /// The SHA-256 checksum of all pixels and labels, in hexadecimal digits.
  public var sha256: String
  /// The number of training samples.
  public var trainingCount: Int
  /// The number of validation samples, on which each epoch was evaluated.
  public var validationCount: Int
  /// The number of test samples.
  public var testCount: Int

  /// Creates a summary. Without a title, the name is the heading of the page.
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

/// A misclassified sample with its image, for the gallery of the page.
public struct Misclassification: Equatable, Sendable {
  /// The sample with its prediction.
  public var sample: PredictedSample
  /// The pixels of the image, `[rowCount, columnCount]`, row after row.
  public var pixels: [UInt8]
  /// Whether the label is known to be wrong.
  public var hasKnownLabelError: Bool

  /// Creates a misclassified sample with its image.
  public init(_ sample: PredictedSample, pixels: [UInt8], hasKnownLabelError: Bool = false) {
    self.sample = sample
    self.pixels = pixels
    self.hasKnownLabelError = hasKnownLabelError
  }
}

/// The command that repeats a run, and the settings of the run.
public struct Reproduction: Equatable, Sendable {
  /// A setting of the run: its name and its value.
  public struct Setting: Equatable, Sendable {
    /// The name of the setting.
    public var name: String
    /// The value of the setting, as text.
    public var value: String

    /// Creates a setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The program and its arguments.
  public var commandLine: [String]
  /// All settings, in the order in which the page shows them.
  public var settings: [Setting]
  /// The version of the programs.
  public var version: String

  /// Creates a reproduction from a command and settings.
  public init(commandLine: [String], settings: [Setting], version: String) {
    self.commandLine = commandLine
    self.settings = settings
    self.version = version
  }

  /// The command line as text for a shell. Arguments with special characters are quoted.
  ///
  /// An argument with invisible characters is written as `$'...'`, with escape sequences for bash, zsh and ksh.
  public var shellCommand: String { Self.shellCommand(commandLine) }

  /// Returns a program and its arguments as text for a shell, quoted as in ``shellCommand``.
  package static func shellCommand(_ commandLine: [String]) -> String {
    commandLine.map(quoted).joined(separator: " ")
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
