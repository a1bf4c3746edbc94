public import Evaluation
public import Images
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
  public var knownLabelErrors: KnownLabelErrorCount?
  /// How to do it again.
  public var reproduction: Reproduction
  /// What is to say before all else, such as that the training diverged; a sentence each.
  public var notes: [String]

  /// A page of its parts.
  ///
  /// - Precondition: the matrix has the model's classes, and every error their number of outputs and the image's pixels.
  public init(
    data: DataSummary, model: TrainedModel, history: TrainingHistory, confusionMatrix: ConfusionMatrix,
    errors: [Misclassification], knownLabelErrors: KnownLabelErrorCount? = nil,
    reproduction: Reproduction, notes: [String] = []
  ) {
    let classes = model.classNames.indices
    precondition(confusionMatrix.classCount == classes.count, "the matrix has the model's classes")
    precondition(
      errors.allSatisfy {
        $0.outputs.count == classes.count && $0.pixels.count == model.rowCount * model.columnCount
          && classes.contains($0.actual) && classes.contains($0.predicted)
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
  public static let maximumGalleryCount = Gallery.maximumCount

  /// The page's text.
  ///
  /// - Throws: `PNGError` where the images are larger than PNG files can be.
  /// - Complexity: O(n log n + m), n the number of errors, m that of the model's weights.
  public func html() throws(PNGError) -> String {
    PageTemplate.rendered(try PageContent(self).values)
  }
}
