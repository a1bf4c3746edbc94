/// The sizes and the colours of a ``LineChart``; colours are whole attributes.
struct LineChartLook {
  var plotWidth = 620.0
  var plotHeight = 360.0
  /// The room above the plot.
  var top = 56.0
  /// The room right of the plot where there is no legend.
  var right = 28.0
  /// From the plot's bottom to the axis' name, and to the end of the picture behind it.
  var bottom = 62.0
  /// Whether title and legend are a part of the picture, and its size is given.
  var isStandalone = true

  var ink = ##"fill="#333333""##
  var note = ##"fill="#666666""##
  var minorLine = ##"stroke="#f1f1f1""##
  var majorLine = ##"stroke="#e2e2e2""##
  var axis = ##"stroke="#555555""##

  /// Okabe and Ito's colours, which remain apart for colour-blind eyes, without the too pale yellow and black.
  private static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
  private static let dashes = ["", "7 4", "2 4", "9 3 2 3"]

  init(_ style: LineChart.Style) {
    guard style == .inline else { return }
    (plotWidth, plotHeight, top, right, bottom) = (400, 240, 10, 14, 50)
    isStandalone = false
    ink = #"fill="currentColor""#
    note = #"fill="currentColor" fill-opacity="0.75""#
    minorLine = #"stroke="currentColor" stroke-opacity="0.06""#
    majorLine = #"stroke="currentColor" stroke-opacity="0.14""#
    axis = #"stroke="currentColor" stroke-opacity="0.6""#
  }

  func fill(curve index: Int) -> String { color(index, of: "fill") }

  func stroke(curve index: Int) -> String {
    let dash = Self.dashes[index / Self.colors.count % Self.dashes.count]
    return color(index, of: "stroke") + #" stroke-width="2" stroke-linejoin="round" stroke-linecap="round""#
      + (dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#)
  }

  private func color(_ index: Int, of attribute: String) -> String {
    let place = index % Self.colors.count
    return isStandalone
      ? #"\#(attribute)="\#(Self.colors[place])""#
      : #"style="\#(attribute):var(--curve-\#(place + 1),\#(Self.colors[place]))""#
  }
}
