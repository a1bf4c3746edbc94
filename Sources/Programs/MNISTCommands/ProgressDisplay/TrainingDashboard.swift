internal import Foundation
package import NeuralNetwork

/// A training's state as lines of text: a bar alone, or where there is room the bar above charts of cost and accuracy.
///
/// It is a function of its values; where and how often it is drawn is up to ``LiveDrawing``.
package struct TrainingDashboard {
  let overview: TrainingOverview
  /// Nil where it cannot be told yet, or nothing is left.
  let secondsLeft: Double?

  package static let minimumWidth = 56
  package static let minimumHeight = 10

  /// What is known of a training.
  package init(_ overview: TrainingOverview, secondsLeft: Double?) {
    self.overview = overview
    self.secondsLeft = secondsLeft
  }

  /// The lines, each of fewer than `width` characters.
  ///
  /// - Parameters:
  ///   - width: the terminal's characters in a line.
  ///   - height: the terminal's lines.
  ///   - hasBlocks: whether the terminal shows braille characters and moves its cursor up.
  package func lines(width: Int, height: Int, hasBlocks: Bool) -> [String] {
    guard hasBlocks, width >= Self.minimumWidth, height >= Self.minimumHeight else { return [bar(width: width)] }
    let samples = "\(progress.samplesDone) of \(progress.sampleCount) samples"
    let bar = ProgressBar.line(head, share: overview.share, samples + timeLeft, width: width)
    let panelWidth = min(64, (width - 1 - Self.gap.count) / 2)
    // Room is left for the lines that come before and after.
    let rowCount = min(6, height - 6)
    let panels = [costPanel, accuracyPanel].map { $0.lines(width: panelWidth, rowCount: rowCount, overview) }
    let charts = zip(panels[0], panels[1]).map { Self.trimmed($0 + Self.gap + $1) }
    return [bar] + charts + [String(best.prefix(width - 1))]
  }

  /// A line such as `epoch  42/100 [########------------] cost 0.0123, 1.2 s left`, shorter than the terminal's width.
  func bar(width: Int) -> String {
    let text = Self.text(progress.cost, validation: overview.validation.last?.costAndAccuracy)
    return ProgressBar.line(head, share: overview.share, text + timeLeft, width: width)
  }

  /// Returns a cost, and where there is a validation part, the share of it that is right.
  static func text(_ cost: Double, validation: CostAndAccuracy?) -> String {
    "cost \(number(cost))" + (validation.map { String(format: ", validation %.2f%%", $0.accuracy * 100) } ?? "")
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
    return "best so far: epoch \(best.epoch), \(part) cost \(Self.number(best.costAndAccuracy.cost)), accuracy "
      + String(format: "%.2f%%", best.costAndAccuracy.accuracy * 100)
  }

  /// Costs fall by powers of ten, and are drawn so.
  private var costPanel: Panel {
    Panel(
      name: "cost", value: \.cost, text: { Self.number($0) }, height: { $0 > 0 ? log10($0) : .nan },
      label: { String(format: "%.3g", pow(10, $0)) })
  }

  /// The share that is wrong falls by powers of ten too. Below one in ten thousand all of it counts as right.
  private var accuracyPanel: Panel {
    Panel(
      name: "accuracy", value: \.accuracy, text: { String(format: "%.2f%%", $0 * 100) },
      height: { -log10(max(1 - $0, 1e-4)) }, label: { String(format: "%.1f%%", (1 - pow(10, -$0)) * 100) })
  }

  /// One chart: a title with the last values, and the curves beside the ends of their axis.
  private struct Panel {
    let name: String
    let value: (CostAndAccuracy) -> Double
    /// A value as the title has it.
    let text: (Double) -> String
    /// A value's place on the axis.
    let height: (Double) -> Double
    /// What a place on the axis is called.
    let label: (Double) -> String

    private static let labelWidth = 8

    /// `rowCount + 1` lines of `width` characters.
    func lines(width: Int, rowCount: Int, _ overview: TrainingOverview) -> [String] {
      let (curve, marks) = (points(overview.training), points(overview.validation))
      let heights = (curve + marks).map(\.y).filter(\.isFinite)
      let range = (heights.min() ?? 0)...(heights.max() ?? 0)
      let chart = BrailleChart(
        columnCount: width - Self.labelWidth - 2, rowCount: rowCount, x: 0...max(overview.epochsDone, .ulpOfOne),
        y: range)
      let title =
        "\(name) " + text(value(overview.training.last?.costAndAccuracy ?? CostAndAccuracy(cost: .nan, accuracy: .nan)))
        + (overview.validation.last.map { ", validation \(BrailleChart.mark) " + text(value($0.costAndAccuracy)) } ?? "")
      let rows = chart.lines(curve, marks: marks).enumerated().map { row, line in
        let label = heights.isEmpty ? "" : row == 0 ? label(range.upperBound) : label(range.lowerBound)
        let isLabelled = row == 0 || row == rowCount - 1 && range.lowerBound < range.upperBound
        return TrainingDashboard.padded(isLabelled ? label : "", Self.labelWidth) + (isLabelled ? " ┤" : " │") + line
      }
      return [String(title.prefix(width)) + String(repeating: " ", count: max(0, width - title.count))] + rows
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

/// What a training has come to so far, as a display needs it.
package struct TrainingOverview {
  /// A cost and an accuracy at a moment, which is counted in epochs from the beginning.
  struct Moment {
    var epoch: Double
    var costAndAccuracy: CostAndAccuracy
  }

  /// More moments than any terminal has dots in a row.
  private static let maximumCount = 4096

  /// The last report.
  private(set) var progress: TrainingProgress
  /// Of completed epochs, and within the first one of what was done so far.
  private var trainingMoments: [Moment] = []
  /// After completed epochs.
  private(set) var validation: [Moment] = []
  /// The completed epoch with the lowest validation cost, or the lowest training cost where there is no validation part.
  private(set) var best: (epoch: Int, costAndAccuracy: CostAndAccuracy)?

  /// An overview of a training that has just made its first report.
  package init(_ progress: TrainingProgress) {
    self.progress = progress
    note(progress)
  }

  /// Takes a report: all of those at the end of an epoch, and any others.
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

  /// The training's moments, up to the last report.
  var training: [Moment] {
    trainingMoments.last?.epoch == epochsDone ? trainingMoments : trainingMoments + [Self.moment(progress)]
  }

  /// How many epochs are done, the one under way as a part of one.
  var epochsDone: Double { Self.moment(progress).epoch }

  /// How much of the training is done, 0 to 1.
  var share: Double { epochsDone / Double(progress.epochCount) }

  private static func moment(_ progress: TrainingProgress) -> Moment {
    Moment(
      epoch: Double(progress.epoch - 1) + Double(progress.samplesDone) / Double(progress.sampleCount),
      costAndAccuracy: CostAndAccuracy(cost: progress.cost, accuracy: progress.accuracy))
  }

  /// Leaves out every second one where they are too many.
  private static func thin(_ moments: inout [Moment]) {
    guard moments.count > maximumCount else { return }
    moments = moments.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
  }
}
