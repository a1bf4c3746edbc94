internal import Foundation
internal import NeuralNetwork

/// The training's progress on standard error: one live line on a terminal, otherwise a line for about each tenth.
final class TrainingDisplay {
  private let remarks: Remarks
  private let isLive: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?

  init(remarks: Remarks, isLive: Bool) {
    self.remarks = remarks
    self.isLive = isLive
    start = clock.now
  }

  func show(_ progress: TrainingProgress) {
    if isLive {
      // Ten times a second is as often as an eye follows.
      let now = clock.now
      if let last = lastDrawn, last.duration(to: now) < .milliseconds(100), !progress.isEnd { return }
      lastDrawn = now
      let seconds = start.duration(to: now) / .seconds(1)
      remarks.write("\r\u{1B}[K" + Self.bar(progress, seconds: seconds, width: Terminal.width))
    } else if progress.isEndOfEpoch, Self.isReported(progress.epoch, of: progress.epochCount) {
      remarks.line("epoch \(progress.epoch) of \(progress.epochCount): cost \(Self.short(progress.cost))")
    }
  }

  func finish(_ history: TrainingHistory) {
    if isLive { remarks.write("\n") }
    let seconds = history.epochs.reduce(0) { $0 + $1.seconds }
    let word = history.epochs.count == 1 ? "epoch" : "epochs"
    remarks.line("\(history.epochs.count) \(word) in \(String(format: "%.3f", seconds)) s")
  }

  /// The first, the last, and about every tenth part.
  static func isReported(_ epoch: Int, of count: Int) -> Bool {
    epoch == 1 || epoch == count || epoch % max(1, count / 10) == 0
  }

  /// A line such as `epoch  42/100 [########------------] cost 0.0123, 1.2 s left`, cut to the terminal's width.
  static func bar(_ progress: TrainingProgress, seconds: Double, width: Int) -> String {
    let total = Double(progress.epochCount) * Double(progress.sampleCount)
    let done = Double(progress.epoch - 1) * Double(progress.sampleCount) + Double(progress.samplesDone)
    let share = done / total
    let count = "\(progress.epochCount)"
    let epoch = String(repeating: " ", count: max(0, count.count - "\(progress.epoch)".count)) + "\(progress.epoch)"
    let left = share > 0 ? seconds / share - seconds : 0
    let time = progress.isEnd ? String(format: "%.1f s", seconds) : String(format: "%.1f s left", left)
    let head = "epoch \(epoch)/\(count) "
    let tail = " cost \(short(progress.cost)), \(time)"
    let cells = min(40, width - head.count - tail.count - 3)
    guard cells >= 5 else { return String((head + tail).prefix(max(0, width - 1))) }
    let filled = Int(share * Double(cells))
    return head + "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "]"
      + tail
  }

  private static func short(_ cost: Double) -> String { String(format: "%.4g", cost) }
}
