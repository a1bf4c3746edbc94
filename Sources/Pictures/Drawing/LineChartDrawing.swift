#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A ``LineChart`` laid out on its page, and its SVG.
struct LineChartDrawing {
  private static let maximumMarkedPointCount = 24
  /// Beyond these, differences between values overflow.
  private static let allowedMagnitudes = -1e300...1e300

  private let chart: LineChart
  private let look: LineChartLook
  private let xAxis: AxisTicks
  private let yAxis: AxisTicks
  private let segments: [[[(x: Double, y: Double)]]]
  private let shownCount: Int
  private let skippedCount: Int
  private let left: Double
  private let legendWidth: Double

  init(_ chart: LineChart, look: LineChartLook) {
    self.chart = chart
    self.look = look
    let segments = chart.series.map { Self.segments(of: $0.points, yScale: chart.yScale) }
    let points = segments.joined().joined()
    self.segments = segments
    shownCount = points.reduce(0) { count, _ in count + 1 }
    skippedCount = chart.series.reduce(0) { $0 + $1.points.count } - shownCount

    let xLowest = points.lazy.map(\.x).min() ?? 0
    let xHighest = points.lazy.map(\.x).max() ?? 1
    let xIsWhole = points.allSatisfy { $0.x == $0.x.rounded() }
    xAxis = .linear(from: xLowest, to: xHighest, count: 8, wholeNumbers: xIsWhole)
    let yLowest = points.lazy.map(\.y).min()
    let yHighest = points.lazy.map(\.y).max()
    switch chart.yScale {
    case .linear: yAxis = .linear(from: yLowest ?? 0, to: yHighest ?? 1)
    case .logarithmic: yAxis = .logarithmic(from: yLowest ?? 0.1, to: yHighest ?? 1)
    }
    let longestLabel = yAxis.ticks.map(\.label.count).max() ?? 0
    left = 52 + 7.5 * Double(longestLabel)
    let longestName = look.isStandalone && chart.series.count > 1 ? chart.series.map(\.name.count).max() ?? 0 : -1
    legendWidth = longestName < 0 ? 0 : 60 + 7.5 * Double(longestName)
  }

  func svg() -> String {
    let width = left + look.plotWidth + max(look.right, legendWidth)
    let bottom = look.top + look.plotHeight
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
    lines += gridLines(bottom: bottom)
    for index in chart.series.indices { lines += curve(index) }
    let middle = left + look.plotWidth / 2
    lines.append(text(chart.xLabel, x: middle, y: bottom + look.bottom - 16, #"font-size="14" text-anchor="middle""#))
    let center = look.top + look.plotHeight / 2
    lines.append(
      text(
        chart.yLabel, x: 22, y: center,
        #"font-size="14" text-anchor="middle" transform="rotate(-90 22 \#(decimal(center)))""#))
    if look.isStandalone, chart.series.count > 1 { lines += legend }
    if shownCount == 0 {
      lines.append(text("No points to show", x: middle, y: center, #"text-anchor="middle" \#(look.note)"#))
    }
    if skippedCount > 0 {
      lines.append(text(skippedNote, x: left, y: bottom + look.bottom + 8, #"font-size="12" \#(look.note)"#))
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  // MARK: Parts

  private func gridLines(bottom: Double) -> [String] {
    let right = left + look.plotWidth
    func path(_ lines: [String], _ attributes: String) -> [String] {
      lines.isEmpty ? [] : [#"<path d="\#(lines.joined())" fill="none" \#(attributes)/>"#]
    }
    func horizontal(_ y: Double) -> String { "M\(decimal(left)) \(decimal(place(y: y)))H\(decimal(right))" }
    var lines = path(yAxis.minor.map(horizontal), look.minorLine)
    lines += path(
      yAxis.ticks.map { horizontal($0.value) }
        + xAxis.ticks.map { "M\(decimal(place(x: $0.value))) \(decimal(look.top))V\(decimal(bottom))" },
      look.majorLine)
    lines += path(
      ["M\(decimal(left)) \(decimal(look.top))V\(decimal(bottom))H\(decimal(right))"]
        + yAxis.ticks.map { "M\(decimal(left)) \(decimal(place(y: $0.value)))h-5" }
        + xAxis.ticks.map { "M\(decimal(place(x: $0.value))) \(decimal(bottom))v5" },
      look.axis)
    lines += yAxis.ticks.map { text($0.label, x: left - 10, y: place(y: $0.value) + 4.5, #"text-anchor="end""#) }
    lines += xAxis.ticks.map {
      text($0.label, x: place(x: $0.value), y: bottom + 21, #"text-anchor="middle""#)
    }
    return lines
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
          #"<circle cx="\#(decimal($0.x))" cy="\#(decimal($0.y))" r="3.5" \#(look.fill(curve: index))/>"#
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
        text(chart.series[index].name, x: x + 32, y: y + 4.5, ""),
      ]
    }
  }

  private var summary: String {
    guard shownCount > 0 else { return "Line chart of \(chart.yLabel) against \(chart.xLabel), without points." }
    let scale = chart.yScale == .logarithmic ? " on a logarithmic axis" : ""
    var sentences = ["Line chart of \(chart.yLabel)\(scale) against \(chart.xLabel)."]
    for (series, segments) in zip(chart.series, segments) {
      let points = segments.joined()
      let count = points.reduce(0) { count, _ in count + 1 }
      guard let first = segments.first?.first, let last = segments.last?.last else { continue }
      let name = series.name.isEmpty ? "" : "\(series.name): "
      sentences.append(
        count == 1
          ? "\(name)1 point, \(first.y) at \(first.x)."
          : "\(name)\(count) points, from \(first.y) at \(first.x) to \(last.y) at \(last.x).")
    }
    return (sentences + (skippedCount > 0 ? [skippedNote + "."] : [])).joined(separator: " ")
  }

  private var skippedNote: String {
    let condition = chart.yScale == .logarithmic ? "not finite or not above zero" : "not finite"
    return skippedCount == 1
      ? "1 point is not drawn, its value being \(condition)"
      : "\(skippedCount) points are not drawn, their values being \(condition)"
  }

  // MARK: Writing

  private func text(_ content: String, x: Double, y: Double, _ attributes: String) -> String {
    let space = attributes.isEmpty ? "" : " "
    return #"<text x="\#(decimal(x))" y="\#(decimal(y))"\#(space)\#(attributes)>\#(xmlEscaped(content))</text>"#
  }

  /// A length with at most two decimals.
  private func decimal(_ length: Double) -> String {
    DecimalNumber(mantissa: Int((length * 100).rounded()), exponent: -2).description
  }

  // MARK: Placing

  private func place(x: Double) -> Double {
    left + (x - xAxis.lowest) / (xAxis.highest - xAxis.lowest) * look.plotWidth
  }

  private func place(y: Double) -> Double {
    let fraction =
      switch chart.yScale {
      case .linear: (y - yAxis.lowest) / (yAxis.highest - yAxis.lowest)
      case .logarithmic: (log10(y) - log10(yAxis.lowest)) / (log10(yAxis.highest) - log10(yAxis.lowest))
      }
    return look.top + (1 - fraction) * look.plotHeight
  }

  private static func segments(
    of points: [(x: Double, y: Double)], yScale: LineChart.Scale
  ) -> [[(x: Double, y: Double)]] {
    points.split { point in
      !(allowedMagnitudes.contains(point.x) && allowedMagnitudes.contains(point.y))
        || (yScale == .logarithmic && point.y < 1e-300)
    }.map(Array.init)
  }
}
