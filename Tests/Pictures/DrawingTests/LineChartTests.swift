import Drawing
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The attributes and texts of a chart, read by an independent XML parser.
final class ReadSVG: NSObject, XMLParserDelegate {
  var attributes: [String: [[String: String]]] = [:]
  var texts: [String: [String]] = [:]
  private var open: [String] = []

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.propertyListReadCorrupt) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes values: [String: String]
  ) {
    open.append(name)
    attributes[name, default: []].append(values)
    texts[name, default: []].append("")
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    guard let name = open.last, let count = texts[name]?.count else { return }
    texts[name]?[count - 1] += characters
  }

  /// The points of all polylines, in units of the picture.
  var polylines: [[(x: Double, y: Double)]] {
    (attributes["polyline"] ?? []).map { attributes in
      (attributes["points"] ?? "").split(separator: " ").map { pair in
        let numbers = pair.split(separator: ",").map { Double($0) ?? .nan }
        return (numbers[0], numbers[1])
      }
    }
  }
}

@Suite struct LineChartTests {
  static func chart(_ points: [(x: Double, y: Double)], title: String = "Cost") -> LineChart {
    LineChart(title: title, xLabel: "epoch", yLabel: "cost", series: [.init(name: "training", points: points)])
  }

  @Test("points are drawn at the positions that the axes give")
  func positions() throws {
    let chart = try ReadSVG(Self.chart((0...30).map { (Double($0), Double($0) / 30) }).svg())
    let line = try #require(chart.polylines.first)
    #expect(line.count == 31)
    // The plot is 620 pixels wide and 360 pixels high. Its top is at y = 56.
    #expect(line[0].y == 416 && line[30].y == 56 && line[15].y == 236)
    #expect(abs(line[30].x - line[0].x - 620) < 0.02)
  }

  @Test("the file has a title and a description for screen readers, and a white background")
  func accessible() throws {
    let read = try ReadSVG(Self.chart([(1, 0.5), (2, 0.25)], title: "Cost per epoch").svg())
    #expect(read.attributes["svg"]?.first?["role"] == "img")
    #expect(read.attributes["svg"]?.first?["viewBox"] != nil)
    #expect(read.texts["title"] == ["Cost per epoch"])
    #expect(
      read.texts["desc"] == ["Line chart of cost against epoch. training: 2 points, from 0.5 at 1.0 to 0.25 at 2.0."])
    let size = read.attributes["svg"]?.first
    let ground = read.attributes["rect"]?.first
    #expect(ground?["fill"] == "#ffffff" && ground?["width"] == size?["width"] && ground?["height"] == size?["height"])
    let texts = try #require(read.texts["text"])
    for text in ["Cost per epoch", "epoch", "cost", "0.25", "0.5", "1", "2"] { #expect(texts.contains(text)) }
  }

  @Test("text is escaped, including characters that XML forbids")
  func escaping() throws {
    let name = "a<b & \"c\" 'd' > \u{1}\u{0} ü →"
    let curve = LineChart.Series(name: name, points: [(1, 1), (2, 2)])
    let chart = LineChart(title: name, xLabel: "<x>", yLabel: "]]>", series: [curve, curve])
    let read = try ReadSVG(chart.svg())
    let shown = "a<b & \"c\" 'd' > \\u{1}\\u{0} ü →"
    #expect(read.texts["title"] == [shown])
    #expect(read.texts["text"]?.filter { $0 == shown }.count == 3)
    #expect(read.texts["text"]?.contains("<x>") == true && read.texts["text"]?.contains("]]>") == true)
    #expect(xmlEscaped("<&>\"'\n\u{202E}") == "&lt;&amp;&gt;&quot;&#39;\\n\\u{202E}")
  }

  static let tiny = Double.leastNonzeroMagnitude

  static let oddCurves: [[(x: Double, y: Double)]] = [
    [], [(1, 0.5)], [(1, 0.5), (2, 0.25)], [(1, 3), (2, 3), (3, 3)], [(0, 0), (0, 0)], [(1, 0), (2, 0)],
    [(1, .nan)], [(.infinity, 1), (1, -.infinity)], [(1, 1), (2, .nan), (3, 1)], [(1, -5), (2, 0), (3, 5)],
    [(1, 1e300), (2, -1e300)], [(1, .greatestFiniteMagnitude), (2, 1)], [(1e300, tiny), (1e300, 1)],
    [(1, 1), (2, 1.0000000000000002)], [(tiny, 8 * tiny), (2 * tiny, tiny)], [(1e17, 1), (1e17 + 16, 2)],
    [(1e-300, 1e-300), (1e300, 1e300)], [(1e15, 1e-300), (1e15 + 5e3, 1.5e-300)],
  ]

  @Test("every kind of curve gives well-formed SVG with all points on the page", arguments: oddCurves)
  func odd(_ points: [(x: Double, y: Double)]) throws {
    let text = Self.chart(points).svg()
    let read = try ReadSVG(text)
    #expect(!text.contains("nan") && !text.contains("inf\""))
    let circles = (read.attributes["circle"] ?? []).map { (Double($0["cx"] ?? ""), Double($0["cy"] ?? "")) }
    let shown = points.filter { abs($0.x) <= 1e300 && abs($0.y) <= 1e300 }
    #expect(circles.count == shown.count)
    for (x, y) in circles {
      let (x, y) = (try #require(x), try #require(y))
      #expect(x >= 50 && x <= 800 && y >= 56 && y <= 416)
    }
    #expect(text.contains("No points to show") == shown.isEmpty)
    let skipped = points.count - shown.count
    #expect(text.contains("not drawn") == (skipped > 0))
    #expect(text.contains(">\(skipped) point") == (skipped > 0))
  }

  @Test("a point that is not finite interrupts the line")
  func gap() throws {
    let points: [(x: Double, y: Double)] = [(1, 4), (2, 3), (3, .nan), (4, 2), (5, 1)]
    #expect(try ReadSVG(Self.chart(points).svg()).polylines.map(\.count) == [2, 2])
  }

  @Test("10,000 points are thinned without losing a peak")
  func thinned() throws {
    var points = (0..<10_000).map { (x: Double($0), y: 2 + sin(Double($0))) }
    points[5_555].y = 9
    points[6_666].y = -1
    let read = try ReadSVG(Self.chart(points).svg())
    let line = try #require(read.polylines.first)
    #expect(line.count > 600 && line.count <= 4 * 622)
    let full = thinnedToPixels(points.map { ($0.x / 10_000, $0.y) })
    #expect(full.count == 4)
    #expect(full.map(\.y).contains(9) && full.map(\.y).contains(-1))
    #expect(full[0] == (0, 2) && full[3].x == 0.9999)
  }

  @Test("points in different columns of pixels all remain, in their order")
  func notThinned() {
    let points: [(x: Double, y: Double)] = [(0, 1), (1, 2), (2, 0), (1, 5), (1.5, 4), (1.6, 4.5), (1.7, 4.4)]
    #expect(thinnedToPixels(points).map(\.y) == [1, 2, 0, 5, 4, 4.4])
    #expect(thinnedToPixels([]).isEmpty)
  }

  @Test("several curves have different colours and a legend, but a single curve has no legend")
  func legend() throws {
    let curve = LineChart.Series(name: "a curve", points: [(1, 1), (2, 2)])
    let several = try ReadSVG(
      LineChart(title: "", xLabel: "", yLabel: "", series: Array(repeating: curve, count: 8)).svg())
    #expect(several.texts["text"]?.filter { $0 == "a curve" }.count == 8)
    let strokes = several.attributes["polyline"]?.map { ($0["stroke"] ?? "") + ($0["stroke-dasharray"] ?? "") }
    #expect(Set(strokes ?? []).count == 8)
    #expect(try ReadSVG(Self.chart(curve.points).svg()).texts["text"]?.contains("training") == false)
  }

  @Test("the same chart gives the same text")
  func deterministic() {
    let chart = Self.chart((1...50).map { (Double($0), 1 / Double($0)) })
    #expect(chart.svg() == chart.svg())
  }
}

@Suite struct LineChartStyleTests {
  private static func chart(_ names: [String]) -> LineChart {
    LineChart(
      title: "Cost", xLabel: "epoch", yLabel: "cost",
      series: names.map { .init(name: $0, points: [(1, 1), (2, .nan), (3, 0.5), (4, 0.25)]) })
  }

  @Test("a standalone chart has a background, a size, a title and a legend, and an inline chart has none of these")
  func parts() throws {
    let standalone = try ReadSVG(Self.chart(["training", "validation"]).svg())
    #expect(standalone.attributes["rect"]?.count == 1)
    #expect(standalone.attributes["svg"]?[0]["width"] != nil)
    #expect(try #require(standalone.texts["text"]).contains("Cost"))
    #expect(try #require(standalone.texts["text"]).contains("validation"))

    let inline = try ReadSVG(Self.chart(["training", "validation"]).svg(style: .inline))
    #expect(inline.attributes["rect"] == nil)
    #expect(inline.attributes["svg"]?[0]["width"] == nil)
    #expect(inline.attributes["svg"]?[0]["viewBox"] != nil)
    #expect(try #require(inline.texts["text"]).allSatisfy { $0 != "Cost" && $0 != "validation" })
    #expect(inline.texts["title"] == ["Cost"])
  }

  @Test("an inline chart uses the page's colours, and its own colours only as fallbacks")
  func colors() throws {
    let inline = try ReadSVG(Self.chart(["a", "b"]).svg(style: .inline))
    let plain = inline.attributes.values.joined().flatMap { attributes in
      ["fill", "stroke"].compactMap { attributes[$0] }.filter { $0 != "none" }
    }
    #expect(!plain.isEmpty)
    #expect(plain.allSatisfy { $0 == "currentColor" })
    #expect(
      inline.attributes["polyline"]?.map { $0["style"]?.prefix(21) } == [
        "stroke:var(--curve-1,", "stroke:var(--curve-2,",
      ])
  }

  @Test("both styles show the same values and the number of points that are not drawn")
  func values() throws {
    for style in [LineChart.Style.standalone, .inline] {
      let read = try ReadSVG(Self.chart(["a"]).svg(style: style))
      #expect(read.polylines.map(\.count) == [2])
      #expect(read.attributes["circle"]?.count == 3)
      #expect(try #require(read.texts["text"]).contains("1 point is not drawn because its value is not finite"))
      let box = try #require(read.attributes["svg"]?[0]["viewBox"]).split(separator: " ").compactMap { Double($0) }
      for circle in try #require(read.attributes["circle"]) {
        let (x, y) = (try #require(circle["cx"].flatMap(Double.init)), try #require(circle["cy"].flatMap(Double.init)))
        #expect(x > 0 && x < box[2] && y > 0 && y < box[3])
      }
    }
  }
}
