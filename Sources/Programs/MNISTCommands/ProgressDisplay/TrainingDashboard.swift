internal import Foundation
package import NeuralNetwork

/// The state of a training run as lines of text: a progress bar and, in a large terminal, charts of loss and accuracy.
///
/// ``LiveDrawing`` draws the lines on the screen.
package struct TrainingDashboard {
  let overview: TrainingOverview
  /// The estimated time until the end of the training in seconds; nil if unknown, or if the training has ended.
  let secondsLeft: Double?

  /// The smallest terminal width, in characters, at which charts are drawn.
  package static let minimumWidth = 56
  /// The smallest terminal height, in lines, at which charts are drawn.
  package static let minimumHeight = 10

  /// Creates the dashboard of a training run.
  package init(_ overview: TrainingOverview, secondsLeft: Double?) {
    self.overview = overview
    self.secondsLeft = secondsLeft
  }

  /// Returns the lines of the dashboard, each shorter than `width` characters.
  ///
  /// - Parameters:
  ///   - width: The width of the terminal in characters.
  ///   - height: The height of the terminal in lines.
  ///   - hasBlocks: Whether the terminal can show braille characters and move its cursor up. If false, only the
  ///     progress bar is returned.
  package func lines(width: Int, height: Int, hasBlocks: Bool) -> [String] {
    guard hasBlocks, width >= Self.minimumWidth, height >= Self.minimumHeight else { return [bar(width: width)] }
    let samples = "\(progress.samplesDone) of \(progress.sampleCount) samples"
    let bar = ProgressBar.line(head, share: overview.share, samples + timeLeft, width: width)
    let panelWidth = min(64, (width - 1 - Self.gap.count) / 2)
    // Six lines of the terminal are not available to the charts. They hold the bar, the titles, the best epoch, and the
    // program's output above and below.
    let rowCount = min(6, height - 6)
    let panels = [lossPanel, accuracyPanel].map { $0.lines(width: panelWidth, rowCount: rowCount, overview) }
    let charts = zip(panels[0], panels[1]).map { Self.trimmed($0 + Self.gap + $1) }
    return [bar] + charts + [String(best.prefix(width - 1))]
  }

  /// Returns a progress bar such as `epoch  42/100 [########------------] loss 0.0123, 1.2 s left`.
  ///
  /// - Parameter width: The width of the terminal in characters. The returned line is shorter than this width.
  func bar(width: Int) -> String {
    let text = Self.text(progress.cost, validation: overview.validation.last?.costAndAccuracy)
    return ProgressBar.line(head, share: overview.share, text + timeLeft, width: width)
  }

  /// Returns a text with the training loss and, if there is a validation part, the validation accuracy.
  static func text(_ loss: Double, validation: CostAndAccuracy?) -> String {
    "loss \(number(loss))"
      + (validation.map { String(format: ", validation accuracy %.2f%%", $0.accuracy * 100) } ?? "")
  }

  private static let gap = "  "

  private var progress: TrainingProgress { overview.progress }

  private var head: String {
    let count = "\(progress.epochCount)"
    return "epoch " + Self.padded("\(progress.epoch)", count.count) + "/" + count
  }

  private var timeLeft: String { secondsLeft.map { String(format: ", %.1f s left", $0) } ?? "" }

  private var best: String {
    guard let best = overview.best else { return "best so far: none yet" }
    let part = overview.validation.isEmpty ? "training" : "validation"
    return "best so far: epoch \(best.epoch), \(part) loss \(Self.number(best.costAndAccuracy.cost)), \(part) accuracy "
      + String(format: "%.2f%%", best.costAndAccuracy.accuracy * 100)
  }

  /// The chart of the loss. Its axis is logarithmic, because the loss falls by powers of ten.
  private var lossPanel: Panel {
    Panel(
      name: "loss", value: \.cost, text: { Self.number($0) }, height: { $0 > 0 ? log10($0) : .nan },
      label: { String(format: "%.3g", pow(10, $0)) })
  }

  /// The chart of the accuracy. Its axis is logarithmic in the error rate, and ends at an error rate of 0.0001.
  private var accuracyPanel: Panel {
    Panel(
      name: "accuracy", value: \.accuracy, text: { String(format: "%.2f%%", $0 * 100) },
      height: { -log10(max(1 - $0, 1e-4)) }, label: { String(format: "%.1f%%", (1 - pow(10, -$0)) * 100) })
  }

  /// A chart with a title and a labelled vertical axis. The title contains the last values.
  private struct Panel {
    let name: String
    let value: (CostAndAccuracy) -> Double
    /// A function that returns the text of a value for the title.
    let text: (Double) -> String
    /// A function that returns the position of a value on the axis.
    let height: (Double) -> Double
    /// A function that returns the label of a position on the axis.
    let label: (Double) -> String

    private static let labelWidth = 8

    /// Returns the title and the `rowCount` lines of the chart. Each line has `width` characters.
    func lines(width: Int, rowCount: Int, _ overview: TrainingOverview) -> [String] {
      let (curve, marks) = (points(overview.training), points(overview.validation))
      let heights = (curve + marks).map(\.y).filter(\.isFinite)
      let range = (heights.min() ?? 0)...(heights.max() ?? 0)
      let chart = BrailleChart(
        columnCount: width - Self.labelWidth - 2, rowCount: rowCount, x: 0...max(overview.epochsDone, .ulpOfOne),
        y: range)
      let title = title(overview, width: width)
      let rows = chart.lines(curve, marks: marks).enumerated().map { row, line in
        let label = heights.isEmpty ? "" : row == 0 ? label(range.upperBound) : label(range.lowerBound)
        let isLabelled = row == 0 || row == rowCount - 1 && range.lowerBound < range.upperBound
        return TrainingDashboard.padded(isLabelled ? label : "", Self.labelWidth) + (isLabelled ? " ┤" : " │") + line
      }
      return [String(title.prefix(width)) + String(repeating: " ", count: max(0, width - title.count))] + rows
    }

    /// Returns the chart's name and last values. In a narrow chart, the names of the training and validation parts are
    /// shortened.
    private func title(_ overview: TrainingOverview, width: Int) -> String {
      let last = overview.training.last?.costAndAccuracy ?? CostAndAccuracy(cost: .nan, accuracy: .nan)
      func title(_ training: String, _ validation: String) -> String {
        "\(training) \(name) " + text(value(last))
          + (overview.validation.last.map {
            ", \(validation) \(BrailleChart.mark) " + text(value($0.costAndAccuracy))
          } ?? "")
      }
      let long = title("training", "validation")
      return long.count <= width ? long : title("train", "val")
    }

    private func points(_ moments: [TrainingOverview.Moment]) -> [BrailleChart.Point] {
      moments.map { (x: $0.epoch, y: height(value($0.costAndAccuracy))) }
    }
  }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.utf8.last == UInt8(ascii: " ") { line.unicodeScalars.removeLast() }
    return line
  }
}

/// The course of a training run so far: its losses and accuracies, and its best epoch.
package struct TrainingOverview {
  /// A loss and an accuracy at one moment of the training.
  struct Moment {
    /// The number of epochs since the beginning of the training, such as 2.5.
    var epoch: Double
    var costAndAccuracy: CostAndAccuracy
  }

  /// The largest number of stored moments. No terminal has as many dots in a row.
  private static let maximumCount = 4096

  /// The last progress report.
  private(set) var progress: TrainingProgress
  /// The training loss and accuracy at the end of each completed epoch, and at each report within the first epoch.
  private var trainingMoments: [Moment] = []
  /// The validation loss and accuracy at the end of each completed epoch.
  private(set) var validation: [Moment] = []
  /// The completed epoch with the lowest validation loss. Without a validation part, it is the epoch with the lowest
  /// training loss.
  private(set) var best: (epoch: Int, costAndAccuracy: CostAndAccuracy)?

  /// Creates the overview of a training run from its first progress report.
  package init(_ progress: TrainingProgress) {
    self.progress = progress
    note(progress)
  }

  /// Adds a progress report.
  ///
  /// The report at the end of each epoch must be added; other reports may be left out.
  package mutating func note(_ progress: TrainingProgress) {
    self.progress = progress
    guard progress.isEndOfEpoch || progress.epoch == 1 else { return }
    trainingMoments.append(Self.moment(progress))
    Self.thin(&trainingMoments)
    guard progress.isEndOfEpoch else { return }
    if let costAndAccuracy = progress.validation {
      validation.append(Moment(epoch: Double(progress.epoch), costAndAccuracy: costAndAccuracy))
      Self.thin(&validation)
    }
    let costAndAccuracy = progress.validation ?? Self.moment(progress).costAndAccuracy
    if costAndAccuracy.cost < best?.costAndAccuracy.cost ?? .infinity { best = (progress.epoch, costAndAccuracy) }
  }

  /// The training loss and accuracy over time, up to the last report.
  var training: [Moment] {
    trainingMoments.last?.epoch == epochsDone ? trainingMoments : trainingMoments + [Self.moment(progress)]
  }

  /// The number of completed epochs. The current epoch counts as a fraction.
  var epochsDone: Double { Self.moment(progress).epoch }

  /// The completed fraction of the training, from 0 to 1.
  var share: Double { epochsDone / Double(progress.epochCount) }

  private static func moment(_ progress: TrainingProgress) -> Moment {
    Moment(
      epoch: Double(progress.epoch - 1) + Double(progress.samplesDone) / Double(progress.sampleCount),
      costAndAccuracy: CostAndAccuracy(cost: progress.cost, accuracy: progress.accuracy))
  }

  /// Removes every second moment if there are too many moments.
  private static func thin(_ moments: inout [Moment]) {
    guard moments.count > maximumCount else { return }
    moments = moments.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
  }
}
