import Evaluation
import Foundation
import Testing

@Suite struct ErrorSummaryTests {
  @Test("errors are counted by pairs of classes, and with and without labels that are known to be wrong")
  func counts() throws {
    let summary = try ErrorSummary(
      actual: [0, 1, 1, 2, 2, 2], predicted: [0, 2, 2, 2, 1, 0], indices: [10, 11, 12, 13, 14, 15], classCount: 3,
      knownLabelErrors: [12, 13, 99])
    #expect(summary.sampleCount == 6 && summary.errorCount == 4 && summary.accuracy == 2 / 6.0)
    #expect(summary.accuracyInterval == ProportionInterval(successCount: 2, sampleCount: 6))
    #expect(summary.confusedPairs.first == ConfusedPair(actual: 1, predicted: 2, count: 2))
    let known = try #require(summary.knownLabelErrors)
    #expect(known.sampleCount == 2 && known.errorCount == 1)
    #expect(known.accuracyWithout == 0.25)
    #expect(known.accuracyWithoutInterval == ProportionInterval(successCount: 1, sampleCount: 4))

    struct Written: Decodable {
      struct Pair: Decodable { var actual: Int, predicted: Int, count: Int }
      struct Known: Decodable { var errorCount: Int, accuracyWithout: Double }
      var accuracy: Double, errorCount: Int, confusedPairs: [Pair], knownLabelErrors: Known
    }
    let written = try JSONDecoder().decode(Written.self, from: JSONEncoder().encode(summary))
    #expect(written.accuracy == summary.accuracy && written.errorCount == 4 && written.confusedPairs.count == 3)
    #expect(written.knownLabelErrors.errorCount == 1 && written.knownLabelErrors.accuracyWithout == 0.25)
  }

  @Test("if no label is wrong there are no counts, and if all labels are wrong there is no accuracy without them")
  func edges() throws {
    #expect(try ErrorSummary(actual: [0], predicted: [0], indices: [3], classCount: 1).knownLabelErrors == nil)
    let all = try ErrorSummary(actual: [0], predicted: [0], indices: [3], classCount: 1, knownLabelErrors: [3])
    #expect(all.knownLabelErrors?.sampleCount == 1 && all.knownLabelErrors?.accuracyWithout == nil)
    #expect(throws: EvaluationError.noSamples) { try ErrorSummary([], classCount: 3) }
  }
}

@Suite struct ProportionIntervalTests {
  // The expected bounds are those of scipy.stats.binomtest(successes, samples).proportion_ci(method="wilson").
  @Test(
    "the bounds equal those of SciPy",
    arguments: [
      (434, 450, 0.9430287492, 0.9779977279), (9870, 10_000, 0.9845854258, 0.9890405599),
      (1, 2, 0.0945312057, 0.9054687943), (3, 10, 0.1077912674, 0.6032218525),
    ])
  func bounds(successes: Int, samples: Int, lower: Double, upper: Double) {
    let interval = ProportionInterval(successCount: successes, sampleCount: samples)
    #expect(abs(interval.lower - lower) < 1e-9 && abs(interval.upper - upper) < 1e-9)
  }

  @Test("with only successes the upper bound is 1, and without successes the lower bound is 0")
  func ends() {
    let all = ProportionInterval(successCount: 20, sampleCount: 20)
    #expect(all.upper == 1 && abs(all.lower - 0.8388748418) < 1e-9)
    let none = ProportionInterval(successCount: 0, sampleCount: 20)
    #expect(none.lower == 0 && abs(none.upper - (1 - all.lower)) < 1e-12)
  }

  @Test("the description has both bounds in percent")
  func text() {
    #expect("\(ProportionInterval(successCount: 9870, sampleCount: 10_000))" == "98.46 % to 98.90 %")
  }
}
