internal import DisplayText

/// Precision, recall and F1 score of each class, and their averages.
///
/// ```swift
/// let report = try ClassificationReport(actual: [0, 1, 2, 2, 2], predicted: [0, 0, 2, 2, 1], classCount: 3)
/// report.classes[2].scores.recall  // 0.666...
/// print(report.text(), terminator: "")
/// ```
///
/// The numbers and the text are those of scikit-learn's `classification_report`. As there, a class that is neither among
/// the actual nor among the predicted labels has no row, and a score whose denominator is 0 is 0. As JSON it is the heart
/// of `metrics.json`.
public struct ClassificationReport: Codable, Equatable, Sendable {
  /// How well one class, or all on average, was predicted.
  public struct Scores: Codable, Equatable, Sendable {
    /// The fraction of the samples predicted to be of the class that are of the class.
    public var precision: Double

    /// The fraction of the samples of the class that were predicted to be of the class.
    public var recall: Double

    /// The harmonic mean of precision and recall.
    public var f1Score: Double

    /// The number of samples of the class.
    public var support: Int
  }

  /// A class and its scores.
  public struct ClassScores: Equatable, Sendable {
    /// The label.
    public var label: Int

    /// The name in the text: the class's name if names were given, otherwise the label.
    public var name: String

    /// How well the class was predicted.
    public var scores: Scores
  }

  /// The fraction of samples predicted correctly, from 0 to 1.
  public let accuracy: Double

  /// The classes that occur, by ascending label.
  public let classes: [ClassScores]

  /// The means of the classes' scores.
  public let macroAverage: Scores

  /// The means of the classes' scores, weighted by support.
  public let weightedAverage: Scores

  /// Creates the report on a confusion matrix.
  ///
  /// - Parameters:
  ///   - matrix: The counts.
  ///   - classNames: The names of the classes, `[classCount]`, also of those that do not occur; their labels if nil.
  /// - Throws: ``EvaluationError/classNameCount(expected:found:)`` if there are not as many names as classes.
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

  /// Creates the report on samples whose labels are known.
  ///
  /// - Throws: ``EvaluationError``, as ``ConfusionMatrix/init(actual:predicted:classCount:)`` and ``init(_:classNames:)``
  ///   do.
  public init(
    actual: [Int], predicted: [Int], classCount: Int, classNames: [String]? = nil
  ) throws(EvaluationError) {
    let matrix = try ConfusionMatrix(actual: actual, predicted: predicted, classCount: classCount)
    try self.init(matrix, classNames: classNames)
  }
}

/// Returns the sum in NumPy's order of additions, so that averages have the same bits: halves on their own down to blocks
/// of at most 128, a block in eight interleaved sums.
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
  /// The report with two digits, as ``text(digits:)``.
  public var description: String { text() }

  /// Returns the report as a table, ending in a newline: character for character what scikit-learn's
  /// `classification_report(actual, predicted, digits=digits)` returns, except that characters of class names that cannot
  /// be shown, such as control characters, are written as escapes.
  ///
  /// - Parameter digits: The number of digits after the decimal point, not negative.
  public func text(digits: Int = 2) -> String {
    precondition(digits >= 0, "a number of digits is not negative")
    let names = classes.map(\.name.escapedForDisplay)
    let nameWidth = names.map(\.unicodeScalars.count).max() ?? 0
    let width = max(nameWidth, "weighted avg".count, digits)

    func line(_ name: String, _ fields: [String]) -> String {
      padded(name, to: width) + " " + fields.map { " " + padded($0, to: 9) }.joined() + "\n"
    }
    func number(_ value: Double) -> String { NumberText.printed(value, digits: digits) }
    func support(_ count: Int) -> String {
      // scikit-learn counts in floating point where not a single prediction is right, and so prints 5.0, not 5.
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

/// Returns a text with spaces before it up to a width, counted in Unicode scalars as Python counts.
func padded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
}

extension ClassificationReport.ClassScores: Codable {
  private enum CodingKeys: String, CodingKey { case label, name }

  /// Writes label and name, and the scores beside them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(name, forKey: .name)
    try scores.encode(to: encoder)
  }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    label = try container.decode(Int.self, forKey: .label)
    name = try container.decode(String.self, forKey: .name)
    scores = try ClassificationReport.Scores(from: decoder)
  }
}
