internal import NeuralNetwork

/// What the presets stand for, as a table for the help text.
enum PresetTable {
  /// A row for each option, a column for each preset, each line behind two spaces.
  static var text: String {
    let lines = ([[""] + Preset.allCases.map(\.rawValue)] + rows).flatMap(lines)
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
      return String(("  " + cells.joined(separator: "  ")).reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// What keeps the table narrower than a terminal.
  private static let maximumValueWidth = 16

  /// A row as lines: a long value goes on in the next one behind a hyphen.
  private static func lines(_ row: [String]) -> [[String]] {
    var (line, rest) = (row, [String](repeating: "", count: row.count))
    for column in row.indices.dropFirst() where row[column].count > maximumValueWidth {
      let start = row[column].prefix(maximumValueWidth)
      guard let hyphen = start.lastIndex(of: "-") else { continue }
      line[column] = String(start[...hyphen])
      rest[column] = String(row[column][hyphen...].dropFirst())
    }
    return [line] + (rest.allSatisfy(\.isEmpty) ? [] : lines(rest))
  }

  private static var rows: [[String]] {
    let presets = Preset.allCases.map(\.settings)
    func row(_ name: String, _ value: (PresetSettings) -> String) -> [String] { [name] + presets.map(value) }
    return [
      row("hidden layers") { $0.hiddenCounts.map(String.init).joined(separator: ",") },
      row("--activation") { $0.activation.rawValue },
      row("--biases") { $0.biases.rawValue },
      row("--precision") { $0.precision.rawValue },
      row("--initializer") { $0.initializer.rawValue },
      row("--epochs") { "\($0.training.epochs)" },
      row("--batch-size") { "\($0.training.batchSize)" },
      row("--learning-rate") { "\($0.training.learningRate)" },
      row("--learning-rate-schedule") { $0.training.schedule.name.rawValue },
      row("--warm-up") { if case .oneCycle(let warmUp) = $0.training.schedule { "\(warmUp)" } else { "-" } },
      row("--optimizer") { $0.training.optimizer.name.rawValue },
      row("--momentum") { $0.training.optimizer.momentum.map { "\($0)" } ?? "-" },
      row("--loss") { $0.training.loss.rawValue },
      row("--weight-decay") { "\($0.training.weightDecay)" },
      row("--dropout") { "\($0.training.dropout)" },
      row("--label-smoothing") { "\($0.training.labelSmoothing)" },
      row("--shuffle") { $0.training.shuffles ? "yes" : "no" },
      row("--normalization") { $0.normalization.rawValue },
      row("--split") { $0.split.rawValue },
    ]
  }
}
