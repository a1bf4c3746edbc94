/// A chart of curves, as the text of an SVG file.
///
/// ```swift
/// let chart = LineChart(
///   title: "Cost per epoch, digits, 64-16-12-10, rate 0.1", xLabel: "epoch", yLabel: "cost",
///   series: [LineChart.Series(name: "training", points: costs.enumerated().map { (Double($0 + 1), $1) })],
///   yScale: .logarithmic)
/// let text = chart.svg()
/// ```
///
/// The picture stands on a white ground of its own, so that it is as readable on a dark page, and needs no other file; in
/// the ``Style/inline`` style it follows the page that it stands in.
/// The same chart gives the same text, whatever the locale.
public struct LineChart: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// What the curve shows; it is written beside the chart if there are several.
    public var name: String

    /// The points in the order in which they are joined, `[pointCount]`.
    public var points: [(x: Double, y: Double)]

    /// A curve through points, joined in the given order.
    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  /// What a chart is a part of.
  public enum Style: Sendable {
    /// A picture of its own: with its title and its legend, on a white ground.
    case standalone

    /// A figure within an HTML page that gives it a caption: smaller, without title and legend, without ground and
    /// size, so that it fills the width that it is given. Text and lines have the page's colour, `currentColor`, and the
    /// curves the custom properties `--curve-1` to `--curve-6`, so that they follow the page from light to dark.
    case inline
  }

  /// How the vertical axis is divided.
  public enum Scale: Sendable {
    /// Equal steps add.
    case linear

    /// Equal steps multiply. Values of zero and below cannot be shown.
    case logarithmic
  }

  /// The line above the chart.
  public var title: String

  /// What the horizontal axis counts.
  public var xLabel: String

  /// What the vertical axis measures.
  public var yLabel: String

  /// The curves.
  public var series: [Series]

  /// How the vertical axis is divided.
  public var yScale: Scale

  /// A chart of curves.
  ///
  /// - Parameters:
  ///   - title: The line above the chart.
  ///   - xLabel: What the horizontal axis counts.
  ///   - yLabel: What the vertical axis measures.
  ///   - series: The curves. None, or none with points, gives empty axes.
  ///   - yScale: How the vertical axis is divided.
  public init(title: String, xLabel: String, yLabel: String, series: [Series], yScale: Scale = .linear) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.yScale = yScale
  }

  /// The chart as SVG.
  ///
  /// Both axes reach to whole steps of 1, 2 or 5 times a power of ten around the points. A point that is not finite, or
  /// not above zero on a logarithmic axis, interrupts its curve, and a line under the chart says how many there are. Of
  /// very many points only those are written that make a difference to the picture.
  ///
  /// - Parameter style: What the chart is a part of.
  /// - Returns: The text of a whole SVG file; it may as well stand inside an HTML page.
  /// - Complexity: O(n), n the number of points.
  public func svg(style: Style = .standalone) -> String {
    LineChartDrawing(self, look: LineChartLook(style)).svg()
  }
}
