import Evaluation
import RunReport
import Testing

@Suite struct GalleryTests {
  /// Returns the values of all HTML attributes with a given name.
  private static func values(of attribute: String, in html: String) -> [String] {
    html.split(separator: " \(attribute)=\"", omittingEmptySubsequences: false).dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
  }

  @Test("the worst error comes first, errors without a loss before all others, and the index breaks ties")
  func order() throws {
    var report = try SampleReport.report(errors: Array(repeating: (0, 1), count: 9))
    report.errors[2].sample.loss = nil
    #expect(try Self.values(of: "data-index", in: report.html()) == ["2", "6", "5", "4", "3", "1", "8", "0", "7"])
    #expect(try Self.values(of: "data-loss", in: report.html())[0] == "")
  }

  @Test("each error shows its actual class, its predicted class, its confidence and all outputs")
  func tile() throws {
    var report = try SampleReport.report(classNames: ["cat", "dog", "owl"], errors: [(0, 2)])
    report.errors[0].hasKnownLabelError = true
    report.errors[0].sample.outputs[1] = .nan
    let html = try report.html()
    #expect(html.contains(#"alt="index 0: cat predicted as owl""#))
    #expect(html.contains("75.00\u{A0}% · #0") && html.contains("label known to be wrong"))
    #expect(html.contains("<bdi>cat</bdi><span style=--v:0.125>0.12500</span>"))
    #expect(html.contains("<bdi>dog</bdi><span style=--v:0.000>no number</span>"))
  }

  @Test("with very many errors the page shows the worst and gives the total number")
  func limit() throws {
    let names = (0..<62).map(String.init)
    let errors = (0..<33_000).map { (actual: $0 % 62, predicted: ($0 + 1 + $0 / 62 % 61) % 62) }
    var report = try SampleReport.report(classNames: names, errors: errors, rowCount: 28)
    report.errors = Array(report.errors.prefix(RunReport.maximumGalleryCount))
    let html = try report.html()
    let shown = Self.values(of: "data-index", in: html).count
    #expect(shown > 100 && shown < RunReport.maximumGalleryCount)
    #expect(html.contains("The worst \(shown) of 33,000 errors"))
    #expect(html.utf8.count < 3_000_000)
    // Only the first error of each pair of classes has an identifier. The matrix cell links to the identifier.
    let places = Self.values(of: "id", in: html).filter { $0.contains("actual") }
    #expect(places.count == Set(places).count && !places.isEmpty)
  }

  @Test("a matrix cell with errors links to them, and a cell without errors has no link")
  func matrix() throws {
    let html = try SampleReport.report(errors: [(0, 1), (0, 1), (2, 1)]).html()
    #expect(
      html.contains(
        ##"<td class="h5"><a href="#actual=0&amp;predicted=1" aria-label="0 predicted as 1: 2 errors">2</a></td>"##))
    #expect(html.contains(##"<td class="h3"><a href="#actual=2&amp;predicted=1""##))
    #expect(html.ranges(of: #"<td class="d">5</td>"#).count == 3)
    #expect(html.ranges(of: "<td></td>").count == 4 + 1)
    #expect(
      html.contains(##"href="#actual=2" aria-label="all errors of class 2""##) && !html.contains(##"href="#actual=1""##)
    )
  }
}
