import Evaluation
import Testing

@Suite struct ProportionIntervalTests {
  // scipy.stats.binomtest(successes, samples).proportion_ci(method="wilson")
  @Test(
    "the bounds are those that SciPy gives",
    arguments: [
      (434, 450, 0.9430287492, 0.9779977279), (9870, 10_000, 0.9845854258, 0.9890405599),
      (1, 2, 0.0945312057, 0.9054687943), (3, 10, 0.1077912674, 0.6032218525),
    ])
  func bounds(successes: Int, samples: Int, lower: Double, upper: Double) {
    let interval = ProportionInterval(successCount: successes, sampleCount: samples)
    #expect(abs(interval.lower - lower) < 1e-9 && abs(interval.upper - upper) < 1e-9)
  }

  @Test("all or none of the samples leave room on one side only")
  func ends() {
    let all = ProportionInterval(successCount: 20, sampleCount: 20)
    #expect(all.upper == 1 && abs(all.lower - 0.8388748418) < 1e-9)
    let none = ProportionInterval(successCount: 0, sampleCount: 20)
    #expect(none.lower == 0 && abs(none.upper - (1 - all.lower)) < 1e-12)
  }

  @Test("as text it is two percentages")
  func text() {
    #expect("\(ProportionInterval(successCount: 9870, sampleCount: 10_000))" == "98.46 % to 98.90 %")
  }
}
