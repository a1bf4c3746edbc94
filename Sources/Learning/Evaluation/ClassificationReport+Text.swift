internal import DisplayText

extension ClassificationReport: CustomStringConvertible {
  /// The report with two digits, as ``text(digits:)``.
  public var description: String { text() }

  /// The report as a table, ending in a newline: character for character what scikit-learn's
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
    func number(_ value: Double) -> String { fixedPoint(value, digits: digits, width: 9) }
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
