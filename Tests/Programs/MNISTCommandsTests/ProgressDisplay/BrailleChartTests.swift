import MNISTCommands
import Testing

@Suite struct BrailleChartTests {
  private func points(_ values: [Double]) -> [BrailleChart.Point] {
    values.enumerated().map { (x: Double($0), y: $1) }
  }

  @Test("a line connects its points, with two columns and four rows of dots in each character")
  func line() {
    let rising = BrailleChart(columnCount: 2, rowCount: 1, x: 0...3, y: 0...3).lines(points([0, 1, 2, 3]), marks: [])
    #expect(rising == ["⡠⠊"])
    let level = BrailleChart(columnCount: 3, rowCount: 2, x: 0...2, y: 0...1).lines(points([1, 1, 1]), marks: [])
    #expect(level == ["⠉⠉⠉", "   "])
    let steep = BrailleChart(columnCount: 1, rowCount: 2, x: 0...1, y: 0...1).lines(
      [(x: 0, y: 0), (x: 0, y: 1)], marks: [])
    #expect(steep == ["⡇", "⡇"])
  }

  @Test("marks are drawn over the line, at the positions of their values")
  func marks() {
    let chart = BrailleChart(columnCount: 3, rowCount: 2, x: 0...2, y: 0...1)
    #expect(chart.lines(points([1, 1, 1]), marks: points([1, 0, 0])) == ["•⠉⠉", " ••"])
  }

  @Test("points that are not finite are left out, and points outside the axes are drawn at the edge")
  func outside() {
    let chart = BrailleChart(columnCount: 2, rowCount: 1, x: 0...3, y: 0...3)
    #expect(
      chart.lines(points([0, .nan, .infinity, 3]), marks: points([.nan]))
        == chart.lines(
          [(x: 0, y: 0), (x: 3, y: 3)], marks: []))
    #expect(chart.lines([(x: -9, y: -9), (x: 9, y: 1e300)], marks: []) == ["⡠⠊"])
    #expect(chart.lines([], marks: []) == ["  "])
    let flat = BrailleChart(columnCount: 1, rowCount: 1, x: 0...0, y: 2...2)
    #expect(flat.lines(points([2]), marks: []) == ["⡀"])
  }
}
