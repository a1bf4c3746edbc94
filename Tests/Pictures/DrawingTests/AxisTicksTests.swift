import DisplayText
import Drawing
import Testing

@Suite struct AxisTicksTests {
  @Test(
    "the steps of an axis are 1, 2 or 5 times a power of ten, and the axis covers all values",
    arguments: [
      (0.0, 1.0, "0 0.2 0.4 0.6 0.8 1"), (0, 0.6, "0 0.1 0.2 0.3 0.4 0.5 0.6"),
      (6e-5, 0.6, "0 0.1 0.2 0.3 0.4 0.5 0.6"), (6e-5, 0.601, "0 0.2 0.4 0.6 0.8"),
      (1, 100, "0 20 40 60 80 100"), (-3, 7, "-4 -2 0 2 4 6 8"), (0, 5e-5, "0 1e-05 2e-05 3e-05 4e-05 5e-05"),
      (0, 6e6, "0 1e+06 2e+06 3e+06 4e+06 5e+06 6e+06"), (99.97, 99.99, "99.97 99.975 99.98 99.985 99.99"),
      (0, 1_200_000, "0 200000 400000 600000 800000 1e+06 1.2e+06"), (-0.3, -0.1, "-0.3 -0.25 -0.2 -0.15 -0.1"),
      (5, 5, "2 3 4 5 6 7 8"), (0, 0, "0 0.2 0.4 0.6 0.8 1"), (-1e300, 1e300, "-1e+300 -5e+299 0 5e+299 1e+300"),
    ])
  func steps(_ lowest: Double, _ highest: Double, _ labels: String) {
    let axis = AxisTicks(from: lowest, to: highest)
    #expect(axis.ticks.map(\.description).joined(separator: " ") == labels)
    #expect(axis.ticks.map(\.value) == labels.split(separator: " ").map { Double($0) })
    #expect(axis.lowest <= lowest && axis.highest >= highest)
  }

  @Test(
    "an axis of whole numbers has no steps below 1",
    arguments: [
      (1.0, 2.0, "1 2"), (1, 1, "0 1 2"), (0, 0, "0 1"), (1, 5, "1 2 3 4 5"), (1, 30, "0 5 10 15 20 25 30"),
      (1e300, 1e300, "5e+299 6e+299 7e+299 8e+299 9e+299 1e+300 1.1e+300 1.2e+300 1.3e+300 1.4e+300 1.5e+300"),
    ])
  func wholeNumbers(_ lowest: Double, _ highest: Double, _ labels: String) {
    let axis = AxisTicks(from: lowest, to: highest, count: 10, wholeNumbers: true)
    #expect(axis.ticks.map(\.description).joined(separator: " ") == labels)
  }
}
