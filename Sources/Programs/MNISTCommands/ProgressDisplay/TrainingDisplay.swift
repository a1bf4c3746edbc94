internal import Drawing
internal import Evaluation
internal import Experiments
internal import Foundation
internal import NeuralNetwork

/// The display of a training run's progress on standard error. A terminal shows a live dashboard. A file or a pipe gets
/// about ten plain lines.
final class TrainingDisplay {
  private let statusOutput: StatusOutput
  private let drawing: LiveDrawing?
  private let hasBlocks: Bool
  private let clock = ContinuousClock()
  /// The time of the first report, and the fraction of the training completed by that time. The remaining time is
  /// estimated from the speed since the first report.
  private var first: (instant: ContinuousClock.Instant, share: Double)?
  private var overview: TrainingOverview?
  /// The validation result of the last completed epoch.
  private var validation: CostAndAccuracy?

  init(statusOutput: StatusOutput, isLive: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.statusOutput = statusOutput
    drawing = isLive ? LiveDrawing(write: statusOutput.write) : nil
    hasBlocks = HalfBlockPicture.Colours(environment: environment) != nil
  }

  func show(_ progress: TrainingProgress) {
    validation = progress.validation ?? validation
    guard let drawing else {
      if progress.isEndOfEpoch, Self.isReported(progress.epoch, of: progress.epochCount) {
        statusOutput.line(
          "epoch \(progress.epoch) of \(progress.epochCount): "
            + TrainingDashboard.text(progress.cost, validation: validation))
      }
      return
    }
    let isDue = drawing.isDue()
    guard isDue || progress.isEndOfEpoch else { return }
    if overview == nil { overview = TrainingOverview(progress) } else { overview?.note(progress) }
    if isDue || progress.isEnd { draw(on: drawing, isEnd: progress.isEnd) }
  }

  func finish(_ result: ExperimentResult) {
    let history = result.history
    if let drawing {
      draw(on: drawing, isEnd: true)
      drawing.leave()
    }
    let seconds = history.epochs.reduce(0) { $0 + $1.seconds }
    let word = history.epochs.count == 1 ? "epoch" : "epochs"
    statusOutput.line("trained \(history.epochs.count) \(word) in \(String(format: "%.3f", seconds)) s")
    if let note = result.earlyStop { statusOutput.line(note) }
  }

  private func draw(on drawing: LiveDrawing, isEnd: Bool) {
    guard let overview else { return }
    // The user may have changed the window's size.
    let (width, height) = Terminal.size
    let dashboard = TrainingDashboard(overview, secondsLeft: isEnd ? nil : secondsLeft(overview.share))
    drawing.draw(dashboard.lines(width: width, height: height, hasBlocks: hasBlocks), width: width)
  }

  /// Returns the estimated remaining time in seconds; nil in the first 0.3 seconds.
  private func secondsLeft(_ share: Double) -> Double? {
    let now = clock.now
    guard let first else {
      first = (now, share)
      return nil
    }
    let seconds = first.instant.duration(to: now) / .seconds(1)
    guard seconds >= 0.3, share > first.share else { return nil }
    return seconds / (share - first.share) * (1 - share)
  }

  /// Returns whether a plain line reports an epoch.
  ///
  /// The reported epochs are the first epoch, the last epoch, and about ten epochs between them.
  static func isReported(_ epoch: Int, of count: Int) -> Bool {
    epoch == 1 || epoch == count || epoch % max(1, count / 10) == 0
  }
}

/// The display of the training progress for all folds on standard error. Each fold gets one plain line. A terminal also
/// shows a live line.
final class FoldDisplay {
  private let statusOutput: StatusOutput
  private let foldCount: Int
  private let drawing: LiveDrawing?

  init(statusOutput: StatusOutput, foldCount: Int, isLive: Bool = Terminal.showsLiveDrawings) {
    self.statusOutput = statusOutput
    self.foldCount = foldCount
    drawing = isLive && !statusOutput.isQuiet ? LiveDrawing(write: statusOutput.write) : nil
  }

  func show(_ fold: Int, _ progress: TrainingProgress) {
    guard let drawing, drawing.isDue() else { return }
    let line = "fold \(fold + 1) of \(foldCount): epoch \(progress.epoch) of \(progress.epochCount)"
    drawing.draw([line], width: Terminal.size.width)
  }

  func finish(_ fold: Int, _ samples: [PredictedSample]) {
    let errorCount = samples.count(where: \.isError)
    let line =
      "fold \(fold + 1) of \(foldCount): \(samples.count) samples predicted, \(errorCount) differently from their labels"
    drawing?.clear(width: Terminal.size.width)
    statusOutput.line(line)
  }
}
