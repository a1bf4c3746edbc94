/// Precision, recall and F1 score of each class, and their averages.
///
/// ```swift
/// let report = try ClassificationReport(actual: [0, 1, 2, 2, 2], predicted: [0, 0, 2, 2, 1], classCount: 3)
/// report.classes[2].scores.recall  // 0.666...
/// print(report.text(), terminator: "")
/// ```
///
/// The numbers and the text are those of scikit-learn's `classification_report`. As there, a class that is neither among
/// the actual nor among the predicted labels has no row. As JSON it is the heart of `metrics.json`; a score that is not a
/// number is `null` there.
public struct ClassificationReport: Codable, Equatable, Sendable {
  /// How well one class, or all on average, was predicted.
  public struct Scores: Equatable, Sendable {
    /// The share of right ones among the samples predicted to be of the class.
    public var precision: Double

    /// The share of right ones among the samples that are of the class.
    public var recall: Double

    /// The harmonic mean of precision and recall.
    public var f1Score: Double

    /// The number of samples of the class.
    public var support: Int

    /// Scores of the given values.
    public init(precision: Double, recall: Double, f1Score: Double, support: Int) {
      self.precision = precision
      self.recall = recall
      self.f1Score = f1Score
      self.support = support
    }
  }

  /// A class and its scores.
  public struct ClassScores: Equatable, Sendable {
    /// The label.
    public var label: Int

    /// What it is called in the text: its name if names were given, else the label.
    public var name: String

    /// How well it was predicted.
    public var scores: Scores
  }

  /// The share of samples predicted rightly, from 0 to 1.
  public let accuracy: Double

  /// The classes that occur, by ascending label.
  public let classes: [ClassScores]

  /// The means of the classes' scores.
  public let macroAverage: Scores

  /// The means of the classes' scores, weighted by support.
  public let weightedAverage: Scores

  /// The report on a confusion matrix.
  ///
  /// - Parameters:
  ///   - matrix: The counts.
  ///   - classNames: What to call the classes, `[classCount]`, also those that do not occur; their labels if nil.
  ///   - zeroDivision: What a score is whose denominator is 0.
  /// - Throws: ``EvaluationError/classNameCount(expected:found:)`` if there are not as many names as classes.
  /// - Complexity: O(classCount).
  public init(
    _ matrix: ConfusionMatrix, classNames: [String]? = nil, zeroDivision: ZeroDivision = .zero
  ) throws(EvaluationError) {
    if let classNames, classNames.count != matrix.classCount {
      throw .classNameCount(expected: matrix.classCount, found: classNames.count)
    }
    func ratio(_ numerator: Int, _ denominator: Int) -> Double {
      denominator == 0 ? zeroDivision.value : Double(numerator) / Double(denominator)
    }
    classes = (0..<matrix.classCount).compactMap { label in
      let (actual, predicted) = (matrix.actualCount(of: label), matrix.predictedCount(of: label))
      guard actual + predicted > 0 else { return nil }
      let right = matrix.truePositives(of: label)
      let scores = Scores(
        precision: ratio(right, predicted), recall: ratio(right, actual),
        f1Score: ratio(2 * right, actual + predicted), support: actual)
      return ClassScores(label: label, name: classNames?[label] ?? String(label), scores: scores)
    }
    let scores = classes.map(\.scores)
    let supports = scores.map(\.support)
    func averaged(_ average: ([Double]) -> Double) -> Scores {
      Scores(
        precision: average(scores.map(\.precision)), recall: average(scores.map(\.recall)),
        f1Score: average(scores.map(\.f1Score)), support: matrix.sampleCount)
    }
    accuracy = matrix.accuracy
    macroAverage = averaged { Evaluation.macroAverage($0) }
    weightedAverage = averaged { Evaluation.weightedAverage($0, weights: supports) }
  }

  /// The report on samples whose labels are known.
  ///
  /// - Throws: ``EvaluationError``, as ``ConfusionMatrix/init(actual:predicted:classCount:)`` and
  ///   ``init(_:classNames:zeroDivision:)`` do.
  public init(
    actual: [Int], predicted: [Int], classCount: Int, classNames: [String]? = nil, zeroDivision: ZeroDivision = .zero
  ) throws(EvaluationError) {
    let matrix = try ConfusionMatrix(actual: actual, predicted: predicted, classCount: classCount)
    try self.init(matrix, classNames: classNames, zeroDivision: zeroDivision)
  }
}
