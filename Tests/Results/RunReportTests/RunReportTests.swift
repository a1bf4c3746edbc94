import Evaluation
import NeuralNetwork
import RunReport
import Testing

@Suite struct RunReportTests {
  @Test("the page needs no other resource, forbids loading any, and has no unfilled template tag")
  func selfContained() throws {
    let html = try SampleReport.report(errors: [(0, 1)]).html()
    #expect(html.contains(#"content="default-src 'none'; "#))
    #expect(html.firstMatch(of: /\{\{[#^\/{&>!a-zA-Z.]/) == nil)
    for attribute in ["src=\"http", "href=\"http", "url(", "@import", "<link rel=\"stylesheet\""] {
      #expect(!html.contains(attribute), "\(attribute)")
    }
    #expect(html.contains("mnist-train --seed 3") && html.contains("9.8.7") && html.contains("0123abcd"))
  }

  @Test("equal reports give equal pages")
  func deterministic() throws {
    let report = try SampleReport.report(errors: [(0, 1), (1, 2)])
    #expect(try report.html() == report.html())
  }

  @Test("special characters in names, titles and notes are escaped")
  func escaping() throws {
    let names = ["</script><b onclick=\"x\">", "&'\"", "مرحبا 😀"]
    var report = try SampleReport.report(classNames: names, errors: [(0, 1), (1, 2), (2, 0)], notes: ["<i>"])
    report.data.title = "<u>"
    report.reproduction.commandLine = ["mnist-train", "--dataset", "it's <here>"]
    // The JSON of the model contains quotation marks that are not escaped for HTML.
    let html = try report.html().replacing(/<script type="application\/json".*?<\/script>/, with: "")
    for raw in ["<b onclick", "</script><b", "<i>", "<u>", "<here>", "\"&'"] { #expect(!html.contains(raw), "\(raw)") }
    #expect(html.contains("مرحبا 😀") && html.contains("&lt;/script&gt;&lt;b onclick=&quot;x&quot;&gt;"))
    #expect(report.reproduction.shellCommand == #"mnist-train --dataset 'it'\''s <here>'"#)
    report.reproduction.commandLine = ["mnist-train", "--dataset", "it's\\\n\u{1B}[1m\u{202E}é"]
    #expect(
      report.reproduction.shellCommand == #"mnist-train --dataset $'it\'s\\\x0a\x1b[1m\xe2\x80\xaeé'"#)
  }

  @Test("the summary shows the accuracy, its interval, and the accuracy without known label errors")
  func summary() throws {
    var report = try SampleReport.report(errors: [(0, 1), (1, 2), (2, 0)])
    #expect(try report.html().contains("<strong>83.33\u{A0}%</strong>"))
    let interval = ProportionInterval(successCount: 15, sampleCount: 18)
    #expect(try report.html().replacing("\u{A0}", with: " ").contains("95 % interval \(interval)"))
    #expect(try !report.html().contains("Accuracy without wrong labels"))
    // One of the two samples with wrong labels was predicted as its label. Without both samples, 14 of 16 predictions
    // are correct.
    report.knownLabelErrors = KnownLabelErrorCounts(sampleCount: 2, errorCount: 1, among: report.confusionMatrix)
    #expect(try report.html().contains("<strong>87.50\u{A0}%</strong>"))
    #expect(try report.html().contains("Accuracy without wrong labels"))
    #expect(try report.html().contains("2 labels known to be wrong, 1 of them among the errors"))
  }

  @Test("the page of a run says that it has no epochs or no errors, and shows its notes")
  func oddRuns() throws {
    let html = try SampleReport.report(epochs: 0, notes: ["The training diverged."]).html()
    #expect(html.contains("no epoch was completed") && html.contains("No points to show"))
    #expect(html.contains("There are no errors: every test image was classified correctly (15 test images)."))
    #expect(html.contains("<p class=\"remark\">The training diverged.</p>"))
    #expect(!html.contains("id=\"gallery\"") && !html.contains("Most frequent errors"))
  }

  @Test("curves are shown as charts and as tables, and the table shows only some of many epochs")
  func curves() throws {
    let html = try SampleReport.report(epochs: 3).html()
    #expect(html.ranges(of: "<figure>").count == 2 && html.ranges(of: "<polyline").count == 4)
    #expect(html.ranges(of: "validation loss").count == 1)
    let long = try SampleReport.report(epochs: 1001).html()
    #expect(long.contains("The table shows 1 of every 6 epochs; history.csv has all 1,001."))
    #expect(long.contains("<th scope=\"row\">1,001</th>") && long.contains("<th scope=\"row\">996</th>"))
    #expect(!long.contains("<th scope=\"row\">997</th>"))
  }
}
