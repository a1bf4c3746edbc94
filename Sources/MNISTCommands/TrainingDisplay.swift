internal import Foundation
internal import NeuralNetwork

/// The training's progress on standard error: one live line on a terminal, otherwise a line for about each tenth.
final class TrainingDisplay {
  private let remarks: Remarks
  private let isLive: Bool
  private let clock = ContinuousClock()
  /// When the first report came, and how much was done by then: the time left is judged by what came after.
  private var first: (instant: ContinuousClock.Instant, share: Double)?
  private var lastDrawn: ContinuousClock.Instant?
  /// The last completed epoch's, shown until the next one's is known.
  private var validation: Quality?

  init(remarks: Remarks, isLive: Bool) {
    self.remarks = remarks
    self.isLive = isLive
  }

  func show(_ progress: TrainingProgress) {
    validation = progress.validation ?? validation
    if isLive {
      // Ten times a second is as often as an eye follows.
      let now = clock.now
      if let last = lastDrawn, last.duration(to: now) < .milliseconds(100), !progress.isEnd { return }
      lastDrawn = now
      let line = Self.bar(
        progress, validation, secondsLeft: secondsLeft(progress, now), width: Terminal.width)
      remarks.write("\r\u{1B}[K" + line)
    } else if progress.isEndOfEpoch, Self.isReported(progress.epoch, of: progress.epochCount) {
      remarks.line("epoch \(progress.epoch) of \(progress.epochCount): " + Self.quality(progress, validation))
    }
  }

  /// Nil as long as there is too little to judge by.
  private func secondsLeft(_ progress: TrainingProgress, _ now: ContinuousClock.Instant) -> Double? {
    let share = Self.share(progress)
    guard let first else {
      first = (now, share)
      return nil
    }
    let seconds = first.instant.duration(to: now) / .seconds(1)
    guard seconds >= 0.3, share > first.share else { return nil }
    return seconds / (share - first.share) * (1 - share)
  }

  func finish(_ result: ExperimentResult) {
    let history = result.history
    if isLive { remarks.write("\n") }
    let seconds = history.epochs.reduce(0) { $0 + $1.seconds }
    let word = history.epochs.count == 1 ? "epoch" : "epochs"
    remarks.line("\(history.epochs.count) \(word) in \(String(format: "%.3f", seconds)) s")
    if let remark = result.earlyStop { remarks.line(remark) }
  }

  /// The first, the last, and about every tenth part.
  static func isReported(_ epoch: Int, of count: Int) -> Bool {
    epoch == 1 || epoch == count || epoch % max(1, count / 10) == 0
  }

  /// How much of the training is done, 0 to 1.
  private static func share(_ progress: TrainingProgress) -> Double {
    let done = Double(progress.epoch - 1) + Double(progress.samplesDone) / Double(progress.sampleCount)
    return done / Double(progress.epochCount)
  }

  /// A line such as `epoch  42/100 [########------------] cost 0.0123, 1.2 s left`, cut to the terminal's width.
  static func bar(
    _ progress: TrainingProgress, _ validation: Quality?, secondsLeft: Double?, width: Int
  ) -> String {
    let count = "\(progress.epochCount)"
    let epoch = String(repeating: " ", count: max(0, count.count - "\(progress.epoch)".count)) + "\(progress.epoch)"
    let share = share(progress)
    let head = "epoch \(epoch)/\(count) "
    let left = progress.isEnd ? nil : secondsLeft
    let tail = " " + quality(progress, validation) + (left.map { String(format: ", %.1f s left", $0) } ?? "")
    let cells = min(40, width - head.count - tail.count - 3)
    guard cells >= 5 else { return String((head + tail).prefix(max(0, width - 1))) }
    let filled = Int(share * Double(cells))
    return head + "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "]"
      + tail
  }

  /// The cost, and where there is a validation part, the share of it that is right.
  private static func quality(_ progress: TrainingProgress, _ validation: Quality?) -> String {
    String(format: "cost %.4g", progress.cost)
      + (validation.map { String(format: ", validation %.2f%%", $0.accuracy * 100) } ?? "")
  }
}
