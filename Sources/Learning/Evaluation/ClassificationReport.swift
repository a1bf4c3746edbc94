internal import DisplayText

/// Precision, recall and F1 score of each class, and their averages.
///
/// ```swift
/// let report = try ClassificationReport(actual: [0, 1, 2, 2, 2], predicted: [0, 0, 2, 2, 1], classCount: 3)
/// report.classes[2].scores.recall  // 0.666...
/// print(report.text(), terminator: "")
/// ```
///
/// The numbers and the text are those of scikit-learn's `classification_report`. A class that occurs neither in the
/// actual nor in the predicted labels has no row. A score is 0 if its denominator is 0. The file `metrics.json` of a
/// run contains the report as JSON.
public struct ClassificationReport: Codable, Equatable, Sendable {
  /// The scores of one class, or their average over all classes.
  public struct Scores: Codable, Equatable, Sendable {
    /// The fraction of correct predictions among the samples that were predicted as the class.
    public var precision: Double

    /// The fraction of correct predictions among the samples of the class.
    public var recall: Double

    /// The harmonic mean of precision and recall.
    public var f1Score: Double

    /// The number of samples of the class. In an average, it is the number of all samples.
    public var support: Int
  }

  /// A class and its scores.
  public struct ClassScores: Equatable, Sendable {
    /// The label of the class.
    public var label: Int

    /// The name in the text: the class name, or the label if no class names were given.
    public var name: String

    /// The scores of the class.
    public var scores: Scores
  }

  /// The fraction of correctly predicted samples, from 0 to 1.
  public let accuracy: Double

  /// The scores of the classes that occur, in ascending order of their labels.
  public let classes: [ClassScores]

  /// The unweighted mean of the scores of all classes.
  public let macroAverage: Scores

  /// The mean of the scores of all classes, weighted by support.
  public let weightedAverage: Scores

  /// Creates a report from a confusion matrix.
  ///
  /// - Parameters:
  ///   - matrix: The counts of actual and predicted classes.
  ///   - classNames: The names of all classes, `[classCount]`, including classes that do not occur. If nil, the labels
  ///     are used.
  /// - Throws: ``EvaluationError/classNameCount(expected:found:)`` if the number of names is not the number of classes.
  /// - Complexity: O(classCount).
  public init(_ matrix: ConfusionMatrix, classNames: [String]? = nil) throws(EvaluationError) {
    if let classNames, classNames.count != matrix.classCount {
      throw .classNameCount(expected: matrix.classCount, found: classNames.count)
    }
    func ratio(_ numerator: Int, _ denominator: Int) -> Double {
      denominator == 0 ? 0 : Double(numerator) / Double(denominator)
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
    func averages(_ average: ([Double]) -> Double) -> Scores {
      Scores(
        precision: average(scores.map(\.precision)), recall: average(scores.map(\.recall)),
        f1Score: average(scores.map(\.f1Score)), support: matrix.sampleCount)
    }
    accuracy = matrix.accuracy
    macroAverage = averages { pairwiseSum($0[...]) / Double($0.count) }
    weightedAverage = averages { values in
      pairwiseSum(zip(values, scores).map { $0 * Double($1.support) }[...]) / Double(matrix.sampleCount)
    }
  }

  /// Creates a report from actual and predicted labels.
  ///
  /// - Parameters:
  ///   - actual: The actual labels, `[sampleCount]`. Each label is in `0..<classCount`.
  ///   - predicted: The predicted labels, `[sampleCount]`. Each label is in `0..<classCount`.
  ///   - classCount: The number of classes.
  ///   - classNames: The names of all classes, `[classCount]`. If nil, the labels are used.
  /// - Throws: ``EvaluationError`` if a confusion matrix cannot be created, or if the number of names is wrong.
  /// - Complexity: O(sampleCount + classCount²).
  public init(
    actual: [Int], predicted: [Int], classCount: Int, classNames: [String]? = nil
  ) throws(EvaluationError) {
    let matrix = try ConfusionMatrix(actual: actual, predicted: predicted, classCount: classCount)
    try self.init(matrix, classNames: classNames)
  }
}

/// Returns the sum of the values. They are added in NumPy's order, so that averages are equal to the last bit.
///
/// The list of values is halved until each block has at most 128 values. Each block is added in eight interleaved sums.
private func pairwiseSum(_ values: ArraySlice<Double>) -> Double {
  if values.count > 128 {
    let half = values.count / 2
    let first = half - half % 8
    return pairwiseSum(values.prefix(first)) + pairwiseSum(values.dropFirst(first))
  }
  let blocked = values.count - values.count % 8
  var lanes = [Double](repeating: 0, count: 8)
  for (position, value) in values.prefix(blocked).enumerated() { lanes[position % 8] += value }
  let sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  return values.dropFirst(blocked).reduce(sum, +)
}

extension ClassificationReport: CustomStringConvertible {
  /// The report as a table with two digits after the decimal point, see ``text(digits:)``.
  public var description: String { text() }

  /// Returns the report as a table that ends with a newline.
  ///
  /// The text is that of scikit-learn's `classification_report(actual, predicted, digits=digits)`, with one exception.
  /// Characters of class names that cannot be displayed, such as control characters, are escaped.
  ///
  /// - Parameter digits: The number of digits after the decimal point, not negative.
  public func text(digits: Int = 2) -> String {
    precondition(digits >= 0, "the number of digits must not be negative")
    let names = classes.map(\.name.escapedForDisplay)
    let nameWidth = names.map(\.unicodeScalars.count).max() ?? 0
    let width = max(nameWidth, "weighted avg".count, digits)

    func line(_ name: String, _ fields: [String]) -> String {
      padded(name, to: width) + " " + fields.map { " " + padded($0, to: 9) }.joined() + "\n"
    }
    func number(_ value: Double) -> String { NumberText.printed(value, digits: digits) }
    func support(_ count: Int) -> String {
      // If no prediction is correct, scikit-learn computes the support as a floating-point number and prints 5.0
      // instead of 5.
      accuracy == 0 ? "\(count).0" : "\(count)"
    }
    func line(_ name: String, _ scores: Scores) -> String {
      line(
        name,
        [number(scores.precision), number(scores.recall), number(scores.f1Score), support(scores.support)])
    }

    return line("", ["precision", "recall", "f1-score", "support"]) + "\n"
      + zip(names, classes).map { line($0, $1.scores) }.joined() + "\n"
      + line("accuracy", ["", "", number(accuracy), support(macroAverage.support)])
      + line("macro avg", macroAverage) + line("weighted avg", weightedAverage)
  }
}

/// Returns a text padded with leading spaces to a width. The width is counted in Unicode scalars, as in Python.
func padded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
}

extension ClassificationReport.ClassScores: Codable {
  private enum CodingKeys: String, CodingKey { case label, name }

  /// Writes the label, the name and the scores as members of the same object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(name, forKey: .name)
    try scores.encode(to: encoder)
  }

  /// Reads a class that ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    label = try container.decode(Int.self, forKey: .label)
    name = try container.decode(String.self, forKey: .name)
    scores = try ClassificationReport.Scores(from: decoder)
  }
}
