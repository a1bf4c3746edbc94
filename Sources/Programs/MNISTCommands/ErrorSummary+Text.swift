internal import DisplayText
internal import Evaluation
internal import Export

extension ErrorSummary {
  /// The pairs that a table shows.
  private static let shownPairCount = 5

  /// The accuracy with its interval, such as `accuracy 98.58 % (95 % interval 98.33 % to 98.79 %)`.
  var accuracyText: String { Self.text(accuracy, accuracyInterval) }

  /// What is to say of labels that are known to be wrong, one line; nil where there are none.
  var knownLabelErrorsText: String? {
    guard let known = knownLabelErrors else { return nil }
    let line =
      "\(known.errorCount) of the errors \(known.errorCount == 1 ? "is" : "are") among \(known.sampleCount) labels known to "
      + "be wrong"
    guard let accuracy = known.accuracyWithout, let interval = known.accuracyWithoutInterval else { return line }
    return "\(line); without these, \(Self.text(accuracy, interval))"
  }

  /// The most confused pairs as a table, `[lineCount]`; empty where there are no errors.
  ///
  /// - Parameter classNames: the classes' names, one for each output.
  func confusedPairLines(classNames: [String]) -> [String] {
    guard !confusedPairs.isEmpty else { return [] }
    let head = ["most confused", "taken for", "errors", "share"]
    let rows = confusedPairs.prefix(Self.shownPairCount).map { pair in
      [
        classNames[pair.actual].escapedForDisplay, classNames[pair.predicted].escapedForDisplay, "\(pair.count)",
        Self.percent(Double(pair.count) / Double(errorCount)),
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }
  }

  private static func text(_ accuracy: Double, _ interval: ProportionInterval) -> String {
    "accuracy \(percent(accuracy)) (95 % interval \(interval))"
  }

  /// A share with two decimals, such as `98.58 %`.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let decimals = "\(hundredths % 100)"
    return "\(hundredths / 100)." + (decimals.count < 2 ? "0" : "") + decimals + " %"
  }
}
