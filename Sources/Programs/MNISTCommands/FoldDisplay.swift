internal import Evaluation
internal import Export
internal import NeuralNetwork

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
    drawing.draw([line], width: Terminal.width)
  }

  func finish(_ fold: Int, _ samples: [PredictedSample]) {
    let errorCount = samples.count(where: \.isError)
    let line =
      "fold \(fold + 1) of \(foldCount): \(samples.count) samples predicted, \(errorCount) otherwise than labelled"
    drawing?.clear(width: Terminal.width)
    statusOutput.line(line)
  }
}
