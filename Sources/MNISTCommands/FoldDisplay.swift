internal import ErrorDumps
internal import NeuralNetwork

/// The progress of one training for each fold on standard error: a live line on a terminal, and a line for each fold.
final class FoldDisplay {
  private let remarks: Remarks
  private let foldCount: Int
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var lastDrawn: ContinuousClock.Instant?

  init(remarks: Remarks, foldCount: Int, isLive: Bool = Terminal.isStandardErrorATerminal) {
    self.remarks = remarks
    self.foldCount = foldCount
    self.isLive = isLive && !remarks.isQuiet
  }

  func show(_ fold: Int, _ progress: TrainingProgress) {
    guard isLive else { return }
    // Ten times a second is as often as an eye follows.
    let now = clock.now
    if let last = lastDrawn, last.duration(to: now) < .milliseconds(100) { return }
    lastDrawn = now
    remarks.write("\r\u{1B}[Kfold \(fold + 1) of \(foldCount): epoch \(progress.epoch) of \(progress.epochCount)")
  }

  func finish(_ fold: Int, _ samples: [DumpedSample]) {
    let errorCount = samples.count(where: \.isError)
    let line =
      "fold \(fold + 1) of \(foldCount): \(samples.count) samples predicted, \(errorCount) otherwise than labelled"
    remarks.line(isLive ? "\r\u{1B}[K" + line : line)
  }
}
