internal import Drawing
internal import Evaluation
internal import Experiments
internal import Foundation
internal import NeuralNetwork

/// The training's progress on standard error: a dashboard on a terminal, otherwise a line for about each tenth.
final class TrainingDisplay {
  private let statusOutput: StatusOutput
  private let drawing: LiveDrawing?
  private let hasBlocks: Bool
  private let clock = ContinuousClock()
  /// When the first report came, and how much was done by then: the time left is judged by what came after.
  private var first: (instant: ContinuousClock.Instant, share: Double)?
  private var overview: TrainingOverview?
  /// The last completed epoch's, shown until the next one's is known.
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
    statusOutput.line("\(history.epochs.count) \(word) in \(String(format: "%.3f", seconds)) s")
    if let remark = result.earlyStop { statusOutput.line(remark) }
  }

  private func draw(on drawing: LiveDrawing, isEnd: Bool) {
    guard let overview else { return }
    // Asked for each time, as a window can change.
    let (width, height) = Terminal.size
    let dashboard = TrainingDashboard(overview, secondsLeft: isEnd ? nil : secondsLeft(overview.share))
    drawing.draw(dashboard.lines(width: width, height: height, hasBlocks: hasBlocks), width: width)
  }

  /// Nil as long as there is too little to judge by.
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

  /// The first, the last, and about every tenth part.
  static func isReported(_ epoch: Int, of count: Int) -> Bool {
    epoch == 1 || epoch == count || epoch % max(1, count / 10) == 0
  }
}

/// The progress of one training for each fold on standard error: a live line on a terminal, and a line for each fold.
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
      "fold \(fold + 1) of \(foldCount): \(samples.count) samples predicted, \(errorCount) otherwise than labelled"
    drawing?.clear(width: Terminal.size.width)
    statusOutput.line(line)
  }
}
