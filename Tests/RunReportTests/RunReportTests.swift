import RunReport
import Testing

@Suite struct RunReportTests {
  @Test("a page is headed by its title, whatever is in it")
  func title() {
    let html = RunReport(title: "<b>&\"'").html()
    #expect(html.contains("<h1>&lt;b&gt;&amp;&quot;&#39;</h1>"))
    #expect(!html.contains("{{"))
  }
}
