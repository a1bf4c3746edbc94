internal import Datasets
internal import DisplayText
internal import Evaluation
internal import Export

/// The results that `mnist-dump-errors` prints.
///
/// The results are counts, the accuracy, the most confused classes, and the dump's folder. On a terminal, the digits
/// with the largest loss are drawn too.
struct DumpSummary {
  let dump: ErrorDump
  let summary: ErrorSummary

  /// The lines of text that are printed before the drawn digits.
  var lines: [String] {
    let classNames = dump.data.classNames(count: summary.classCount)
    var lines = [dump.samples.isEmpty ? nothing : dump.title]
    switch dump.kind {
    case .errors:
      lines.append(summary.accuracyText)
      if let known = summary.knownLabelErrorsText { lines.append(known) }
      lines += summary.confusedPairLines(classNames: classNames)
    case .suspects:
      lines.append(
        "\(summary.sampleCount - summary.errorCount) labels agree with networks that were not trained on them")
    }
    return lines
  }

  /// The line that is printed if the dump has no samples.
  private var nothing: String {
    let samples = "\(summary.sampleCount) \(dump.part.adjective) samples of \(dump.data.name)"
    if dump.kind == .suspects { return "No suspect labels among \(samples): no pictures" }
    return summary.errorCount == 0
      ? "No errors among \(samples): no pictures"
      : "\(summary.errorCount) errors of \(samples), but none is selected by the options: no pictures"
  }

  /// Prints the lines of text, the digits with the largest loss, and the dump's folder.
  ///
  /// The digits are drawn only if standard output is a terminal.
  ///
  /// - Throws: ``CommandFailure`` if standard output cannot be written.
  func print(path: String, showsDigits: Bool) throws {
    for line in lines { try StandardOutput.line(line) }
    if showsDigits {
      let worst = dump.kind == .suspects ? dump.samples : SampleOrder.loss.sorted(dump.samples)
      try TerminalGallery.write(worst, of: dump.data)
    }
    try StandardOutput.line("\(dump.samples.isEmpty ? "Lists" : "Pictures"): \(path)")
  }
}

extension ErrorSummary {
  /// The largest number of class pairs in the table.
  private static let shownPairCount = 5

  /// The accuracy with its 95 % interval, such as `accuracy 98.58 % (95 % interval 98.33 % to 98.79 %)`.
  var accuracyText: String { Self.text(accuracy, accuracyInterval) }

  /// A line about the labels that are known to be wrong; nil if the data set has no such labels.
  var knownLabelErrorsText: String? {
    guard let known = knownLabelErrors else { return nil }
    let line =
      "\(known.errorCount) of the errors \(known.errorCount == 1 ? "is" : "are") among \(known.sampleCount) labels known to "
      + "be wrong"
    guard let accuracy = known.accuracyWithout, let interval = known.accuracyWithoutInterval else { return line }
    return "\(line); without these, \(Self.text(accuracy, interval))"
  }

  /// Returns a table of the most confused pairs of classes, with a header and one line per pair.
  ///
  /// The table is empty if there are no errors.
  ///
  /// - Parameter classNames: The classes' names, one for each output.
  func confusedPairLines(classNames: [String]) -> [String] {
    guard !confusedPairs.isEmpty else { return [] }
    let head = ["most confused", "predicted as", "errors", "of all errors"]
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

  /// Returns a fraction as a percentage with two decimals, such as `98.58 %`.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let decimals = "\(hundredths % 100)"
    return "\(hundredths / 100)." + (decimals.count < 2 ? "0" : "") + decimals + " %"
  }
}
