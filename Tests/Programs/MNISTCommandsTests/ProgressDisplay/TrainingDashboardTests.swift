import MNISTCommands
import NeuralNetwork
import Testing

@Suite struct TrainingDashboardTests {
  /// Returns the overview of a training run of four epochs. Three epochs and a quarter of the fourth are completed.
  private static func overview(hasValidation: Bool) -> TrainingOverview {
    func report(_ epoch: Int, _ samplesDone: Int, _ cost: Double, _ accuracy: Double) -> TrainingProgress {
      let isEnd = samplesDone == 1000
      return TrainingProgress(
        epoch: epoch, epochCount: 4, samplesDone: samplesDone, sampleCount: 1000, cost: cost, accuracy: accuracy,
        validation: isEnd && hasValidation
          ? CostAndAccuracy(cost: cost + 0.5 / Double(epoch), accuracy: accuracy - 0.01) : nil)
    }
    var overview = TrainingOverview(report(1, 10, 10, 0.1))
    for (epoch, cost) in [(1, 1.0), (2, 0.1), (3, 0.2)] { overview.note(report(epoch, 1000, cost, 1 - cost / 20)) }
    overview.note(report(4, 250, 0.05, 0.9975))
    return overview
  }

  private static func lines(
    _ width: Int, _ height: Int, hasBlocks: Bool = true, hasValidation: Bool = true, secondsLeft: Double? = 1.25
  ) -> [String] {
    TrainingDashboard(overview(hasValidation: hasValidation), secondsLeft: secondsLeft)
      .lines(width: width, height: height, hasBlocks: hasBlocks)
  }

  @Test("a large terminal gets the bar, charts of loss and accuracy, and the best epoch")
  func dashboard() {
    let lines = Self.lines(80, 12)
    #expect(lines.count == 9)
    #expect(lines[0].hasPrefix("epoch 4/4 [##") && lines[0].hasSuffix("--] 250 of 1000 samples, 1.2 s left"))
    #expect(
      lines[1].hasPrefix("train loss 0.05, val • 0.3667  ") && lines[1].contains("  train accuracy 99.75%, val • "))
    let wideLines = Self.lines(120, 12)
    #expect(wideLines[1].hasPrefix("training loss 0.05, validation • 0.3667  "))
    #expect(wideLines[1].contains("  training accuracy 99.75%, validation • "))
    #expect(lines[2].hasPrefix("      10 ┤") && lines[2].contains(" 99.8% ┤"))
    #expect(lines[7].hasPrefix("    0.05 ┤") && lines[7].contains(" 10.0% ┤"))
    #expect(lines[2...7].joined().count { $0 == "•" } == 6)
    #expect(lines[8] == "best so far: epoch 2, validation loss 0.35, validation accuracy 98.50%")
  }

  @Test("without a validation part, the best epoch is the one with the lowest training loss")
  func training() {
    let lines = Self.lines(80, 12, hasValidation: false)
    #expect(lines[8] == "best so far: epoch 2, training loss 0.1, training accuracy 99.50%")
    #expect(lines[1].contains("  training accuracy 99.75%") && !lines.joined().contains("•"))
  }

  @Test("a terminal that is narrow, low or without block characters gets one line: the bar with loss and time left")
  func bar() {
    let bar = "epoch 4/4 [########---] loss 0.05, validation accuracy 98.00%, 1.2 s left"
    #expect(Self.lines(74, 9) == [bar] && Self.lines(74, 50, hasBlocks: false) == [bar])
    #expect(Self.lines(55, 24).count == 1)
    #expect(
      Self.lines(60, 9, hasValidation: false, secondsLeft: nil) == [
        "epoch 4/4 [" + String(repeating: "#", count: 30) + String(repeating: "-", count: 7) + "] loss 0.05"
      ])
  }

  @Test("every line is narrower than the terminal, and at least one line of the terminal stays free")
  func fits() {
    for width in 1...200 {
      for height in [1, 5, 9, 10, 11, 24, 100] {
        let lines = Self.lines(width, height)
        #expect(lines.allSatisfy { $0.count < max(width, 2) && !$0.contains("\n") })
        #expect(lines.count == 1 || lines.count < height)
      }
    }
  }

  @Test("losses that are 0, infinite or NaN, and training runs with one sample, are drawn without an error")
  func extremes() {
    for (cost, accuracy) in [(0, 1), (Double.infinity, 0), (.nan, .nan), (1e-300, 1), (1e300, 0.5)] {
      let progress = TrainingProgress(
        epoch: 1, epochCount: 1, samplesDone: 1, sampleCount: 1, cost: cost, accuracy: accuracy)
      let lines = TrainingDashboard(TrainingOverview(progress), secondsLeft: nil)
        .lines(width: 80, height: 24, hasBlocks: true)
      #expect(lines.count == 9 && lines.allSatisfy { $0.count < 80 })
    }
  }

  @Test("a training run of 100,000 epochs is drawn from its first to its last epoch")
  func manyEpochs() {
    func progress(_ epoch: Int) -> TrainingProgress {
      TrainingProgress(
        epoch: epoch, epochCount: 100_000, samplesDone: 9, sampleCount: 9, cost: 1 / Double(epoch), accuracy: 0.5)
    }
    var overview = TrainingOverview(progress(1))
    for epoch in 2...100_000 { overview.note(progress(epoch)) }
    let lines = TrainingDashboard(overview, secondsLeft: nil).lines(width: 80, height: 24, hasBlocks: true)
    #expect(lines[2].hasPrefix("       1 ┤") && lines[7].hasPrefix("   1e-05 ┤"))
    #expect(lines[8] == "best so far: epoch 100000, training loss 1e-05, training accuracy 50.00%")
  }
}
