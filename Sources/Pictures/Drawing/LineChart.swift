internal import DisplayText

/// A chart of curves that is written as SVG text.
///
/// ```swift
/// let chart = LineChart(
///   title: "Cost per epoch, digits, 64-16-12-10, rate 0.1", xLabel: "epoch", yLabel: "cost",
///   series: [LineChart.Series(name: "training", points: costs.enumerated().map { (Double($0 + 1), $1) })])
/// let text = chart.svg()
/// ```
///
/// The SVG file needs no other files. Its white background keeps the chart readable on a dark page. With the style
/// ``Style/inline``, the chart uses the colours of the HTML page that contains it. The same chart gives the same text
/// in every locale.
public struct LineChart: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// The name of the curve. The legend shows it if the chart has several curves.
    public var name: String

    /// The points in the order in which they are joined, `[pointCount]`.
    public var points: [(x: Double, y: Double)]

    /// Creates a curve that joins points in the given order.
    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  /// The use of a chart: a file of its own, or a figure in an HTML page.
  public enum Style: Sendable {
    /// A picture with a title and a legend on a white background.
    case standalone

    /// A smaller figure for an HTML page. The page adds the caption.
    ///
    /// The figure has no title, legend or background. It has no size of its own and fills the available width. Text and
    /// lines have the page's colour, `currentColor`. The curves use the custom properties `--curve-1` to `--curve-6`,
    /// so the page can choose their colours for light and dark mode.
    case inline
  }

  /// The title above the chart.
  public var title: String

  /// The label of the horizontal axis.
  public var xLabel: String

  /// The label of the vertical axis.
  public var yLabel: String

  /// The curves.
  public var series: [Series]

  /// Creates a chart of curves. If there are no points, the axes are empty.
  public init(title: String, xLabel: String, yLabel: String, series: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  /// Returns the chart as SVG.
  ///
  /// Both axes begin and end at a tick. The ticks are multiples of 1, 2 or 5 times a power of ten. A point that is not
  /// finite interrupts its curve. A note under the chart gives the number of points that are not finite. Points that
  /// change no pixel are left out.
  ///
  /// - Returns: The text of a complete SVG file. It may also be inserted into an HTML page.
  /// - Complexity: O(n), n the number of points.
  public func svg(style: Style = .standalone) -> String {
    Drawing(self, look: Look(style)).svg()
  }
}

extension LineChart {
  /// The layout of a chart, and its SVG text.
  private struct Drawing {
    private static let maximumMarkedPointCount = 24
    /// The range of coordinates that are drawn. With larger coordinates, the difference of two coordinates could
    /// overflow.
    private static let allowedMagnitudes = -1e300...1e300

    private let chart: LineChart
    private let look: Look
    private let xAxis: AxisTicks
    private let yAxis: AxisTicks
    /// The uninterrupted parts of each curve, `[curveCount][partCount]`.
    private let segments: [[ArraySlice<(x: Double, y: Double)>]]
    private let shownCount: Int
    private let skippedCount: Int
    private let left: Double
    private let bottom: Double
    private let legendWidth: Double

    init(_ chart: LineChart, look: Look) {
      self.chart = chart
      self.look = look
      segments = chart.series.map { series in
        series.points.split { !Self.allowedMagnitudes.contains($0.x) || !Self.allowedMagnitudes.contains($0.y) }
      }
      let points = segments.joined().flatMap { $0 }
      shownCount = points.count
      skippedCount = chart.series.reduce(0) { $0 + $1.points.count } - shownCount

      let (xs, ys) = (points.map(\.x), points.map(\.y))
      xAxis = AxisTicks(
        from: xs.min() ?? 0, to: xs.max() ?? 1, count: 8, wholeNumbers: xs.allSatisfy { $0 == $0.rounded() })
      yAxis = AxisTicks(from: ys.min() ?? 0, to: ys.max() ?? 1)
      left = 52 + 7.5 * Double(yAxis.ticks.map(\.description.count).max() ?? 0)
      bottom = look.top + look.plotHeight
      let hasLegend = look.isStandalone && chart.series.count > 1
      legendWidth = hasLegend ? 60 + 7.5 * Double(chart.series.map(\.name.count).max() ?? 0) : 0
    }

    func svg() -> String {
      let width = left + look.plotWidth + max(look.right, legendWidth)
      let height = bottom + look.bottom + (skippedCount > 0 ? 20 : 0)
      let viewBox = #"viewBox="0 0 \#(decimal(width)) \#(decimal(height))""#
      let size = #"width="\#(decimal(width))" height="\#(decimal(height))""#
      var lines = [
        #"<svg xmlns="http://www.w3.org/2000/svg" \#(viewBox)"#
          + (look.isStandalone
            ? #" \#(size) role="img" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif""# : #" role="img""#)
          + #" font-size="13" \#(look.ink)>"#,
        "<title>\(xmlEscaped(chart.title))</title>",
        "<desc>\(xmlEscaped(summary))</desc>",
      ]
      if look.isStandalone {
        lines += [
          ##"<rect \##(size) fill="#ffffff"/>"##,
          text(chart.title, x: left, y: 34, ##"font-size="17" font-weight="bold" fill="#111111""##),
        ]
      }
      lines += axes + chart.series.indices.flatMap(curve)
      let middle = left + look.plotWidth / 2
      let center = look.top + look.plotHeight / 2
      lines += [
        text(chart.xLabel, x: middle, y: bottom + look.bottom - 16, #"font-size="14" text-anchor="middle""#),
        text(
          chart.yLabel, x: 22, y: center,
          #"font-size="14" text-anchor="middle" transform="rotate(-90 22 \#(decimal(center)))""#),
      ]
      if legendWidth > 0 { lines += legend }
      if shownCount == 0 {
        lines.append(text("No points to show", x: middle, y: center, #"text-anchor="middle" \#(look.note)"#))
      }
      if skippedCount > 0 {
        lines.append(text(skippedNote, x: left, y: bottom + look.bottom + 8, #"font-size="12" \#(look.note)"#))
      }
      return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    // MARK: Parts

    private var axes: [String] {
      let right = decimal(left + look.plotWidth)
      let (left, top, bottom) = (decimal(left), decimal(look.top), decimal(bottom))
      let xs = xAxis.ticks.map { (tick: $0, place: place(x: $0.value)) }
      let ys = yAxis.ticks.map { (tick: $0, place: place(y: $0.value)) }
      let grid =
        ys.map { "M\(left) \(decimal($0.place))H\(right)" } + xs.map { "M\(decimal($0.place)) \(top)V\(bottom)" }
      let axes =
        ["M\(left) \(top)V\(bottom)H\(right)"] + ys.map { "M\(left) \(decimal($0.place))h-5" }
        + xs.map { "M\(decimal($0.place)) \(bottom)v5" }
      return [
        #"<path d="\#(grid.joined())" fill="none" \#(look.gridLine)/>"#,
        #"<path d="\#(axes.joined())" fill="none" \#(look.axis)/>"#,
      ]
        + ys.map { text($0.tick.description, x: self.left - 10, y: $0.place + 4.5, #"text-anchor="end""#) }
        + xs.map { text($0.tick.description, x: $0.place, y: self.bottom + 21, #"text-anchor="middle""#) }
    }

    private func curve(_ index: Int) -> [String] {
      let placed = segments[index].map { $0.map { (x: place(x: $0.x), y: place(y: $0.y)) } }
      let isMarked = placed.reduce(0) { $0 + $1.count } <= Self.maximumMarkedPointCount
      var lines: [String] = []
      for points in placed {
        let thinned = thinnedToPixels(points)
        if thinned.count > 1 {
          let list = thinned.map { "\(decimal($0.x)),\(decimal($0.y))" }.joined(separator: " ")
          lines.append(#"<polyline points="\#(list)" fill="none" \#(look.stroke(curve: index))/>"#)
        }
        if isMarked || points.count == 1 {
          lines += points.map {
            #"<circle cx="\#(decimal($0.x))" cy="\#(decimal($0.y))" r="3.5" \#(look.color(index, of: "fill"))/>"#
          }
        }
      }
      return lines
    }

    private var legend: [String] {
      let x = left + look.plotWidth + 20
      return chart.series.indices.flatMap { index in
        let y = look.top + 8 + 22 * Double(index)
        return [
          #"<path d="M\#(decimal(x)) \#(decimal(y))h24" fill="none" \#(look.stroke(curve: index))/>"#,
          text(chart.series[index].name, x: x + 32, y: y + 4.5),
        ]
      }
    }

    private var summary: String {
      guard shownCount > 0 else { return "Line chart of \(chart.yLabel) against \(chart.xLabel), without points." }
      var sentences = ["Line chart of \(chart.yLabel) against \(chart.xLabel)."]
      for (series, segments) in zip(chart.series, segments) {
        guard let first = segments.first?.first, let last = segments.last?.last else { continue }
        let count = segments.reduce(0) { $0 + $1.count }
        let name = series.name.isEmpty ? "" : "\(series.name): "
        sentences.append(
          count == 1
            ? "\(name)1 point, \(first.y) at \(first.x)."
            : "\(name)\(count) points, from \(first.y) at \(first.x) to \(last.y) at \(last.x).")
      }
      return (sentences + (skippedCount > 0 ? [skippedNote + "."] : [])).joined(separator: " ")
    }

    private var skippedNote: String {
      skippedCount == 1
        ? "1 point is not drawn because its value is not finite"
        : "\(skippedCount) points are not drawn because their values are not finite"
    }

    // MARK: Writing and placing

    private func text(_ content: String, x: Double, y: Double, _ attributes: String = "") -> String {
      let space = attributes.isEmpty ? "" : " "
      return #"<text x="\#(decimal(x))" y="\#(decimal(y))"\#(space)\#(attributes)>\#(xmlEscaped(content))</text>"#
    }

    /// Returns a length with at most two decimals.
    private func decimal(_ length: Double) -> String {
      DecimalNumber(mantissa: Int((length * 100).rounded()), exponent: -2).description
    }

    private func place(x: Double) -> Double {
      left + (x - xAxis.lowest) / (xAxis.highest - xAxis.lowest) * look.plotWidth
    }

    private func place(y: Double) -> Double {
      look.top + (1 - (y - yAxis.lowest) / (yAxis.highest - yAxis.lowest)) * look.plotHeight
    }
  }

  /// The sizes and colours of a chart. Each colour is a complete SVG attribute.
  private struct Look {
    var plotWidth = 620.0
    var plotHeight = 360.0
    /// The height of the margin above the plot.
    var top = 56.0
    /// The width of the margin to the right of the plot. A legend can make the margin wider.
    var right = 28.0
    /// The height of the margin below the plot.
    var bottom = 62.0
    /// Whether the chart is a picture of its own, with a fixed size and a title. Several curves then have a legend.
    var isStandalone = true

    var ink = ##"fill="#333333""##
    var note = ##"fill="#666666""##
    var gridLine = ##"stroke="#e2e2e2""##
    var axis = ##"stroke="#555555""##

    /// Six of the eight colours of Okabe and Ito, which colour-blind readers can distinguish. Black is left out, and so
    /// is yellow, which is too pale.
    private static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
    private static let dashes = ["", "7 4", "2 4", "9 3 2 3"]

    init(_ style: Style) {
      guard style == .inline else { return }
      (plotWidth, plotHeight, top, right, bottom) = (400, 240, 10, 14, 50)
      isStandalone = false
      ink = #"fill="currentColor""#
      note = #"fill="currentColor" fill-opacity="0.75""#
      gridLine = #"stroke="currentColor" stroke-opacity="0.14""#
      axis = #"stroke="currentColor" stroke-opacity="0.6""#
    }

    func stroke(curve index: Int) -> String {
      let dash = Self.dashes[index / Self.colors.count % Self.dashes.count]
      return color(index, of: "stroke") + #" stroke-width="2" stroke-linejoin="round" stroke-linecap="round""#
        + (dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#)
    }

    func color(_ index: Int, of attribute: String) -> String {
      let place = index % Self.colors.count
      return isStandalone
        ? #"\#(attribute)="\#(Self.colors[place])""#
        : #"style="\#(attribute):var(--curve-\#(place + 1),\#(Self.colors[place]))""#
    }
  }
}

/// Returns a text escaped for use in XML, between tags or in a quoted attribute.
///
/// The five special characters of XML become entities. Characters that cannot be shown become visible escapes. All
/// characters that XML 1.0 forbids are escaped in this way.
package func xmlEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.escapedForDisplay.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
