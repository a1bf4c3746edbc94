internal import Datasets
internal import Export

/// What a dump's command prints: what was found, what kind of errors they are, where the pictures are, and on a terminal
/// the worst of them.
struct DumpSummary {
  private let dump: ErrorDump
  private let summary: ErrorSummary

  init(_ dump: ErrorDump, _ summary: ErrorSummary) {
    self.dump = dump
    self.summary = summary
  }

  /// The lines before the digits.
  var lines: [String] {
    let classNames = dump.classNames(count: summary.classCount)
    var lines = [dump.samples.isEmpty ? nothing : dump.title]
    switch dump.kind {
    case .errors:
      lines.append(summary.accuracyText)
      if let known = summary.knownLabelErrorsText { lines.append(known) }
      lines += summary.confusedPairLines(classNames: classNames)
    case .suspects:
      lines.append("networks that had not seen them agree with \(summary.sampleCount - summary.errorCount) labels")
    }
    return lines
  }

  private var nothing: String {
    let samples = "\(summary.sampleCount) \(dump.part.adjective) samples of \(dump.data.name)"
    if dump.kind == .suspects { return "No suspect labels among \(samples): no pictures" }
    return summary.errorCount == 0
      ? "No errors among \(samples): no pictures"
      : "\(summary.errorCount) errors of \(samples), none of them as asked for: no pictures"
  }

  /// Prints the lines, the folder, and where standard output is a terminal the worst digits.
  func print(path: String, showsDigits: Bool) throws {
    for line in lines { try StandardOutput.line(line) }
    if showsDigits {
      let worst = dump.kind == .suspects ? dump.samples : SampleOrder.loss.sorted(dump.samples)
      try TerminalGallery.write(worst, of: dump.data)
    }
    try StandardOutput.line("\(dump.samples.isEmpty ? "Lists" : "Pictures"): \(path)")
  }
}
