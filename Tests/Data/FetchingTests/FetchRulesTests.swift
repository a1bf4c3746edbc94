import Fetching
import Foundation
import RandomSources
import Testing

/// Tests of the rules for fetching. The tests need no server.
@Suite struct FetchRulesTests {
  @Test(
    "a redirect may lead to any web address, but not from https to http, and not more often than the limit",
    arguments: [
      ("https://a/x", 302, "https://b/y", "https://b/y"), ("http://a/x", 301, "https://b/y", "https://b/y"),
      ("http://a/x", 307, "http://b/y", "http://b/y"), ("https://a/d/x", 303, "../z", "https://a/z"),
      ("https://a/x", 308, "//b/y", "https://b/y"), ("https://a/x", 200, "https://b/y", nil),
      ("https://a/x", 302, "http://a/x", "!from https to http://a/x"), ("https://a/x", 302, nil, "!without a target"),
      ("https://a/x", 302, "HTTP://a/x", "!from https"),
      ("https://a/x", 302, "file:///etc/passwd", "!not a web address"),
      ("https://a/x", 302, "ftp://a/x", "!not a web address"), ("https://a/x", 302, "https:///x", "!not a web address"),
    ] as [(String, Int, String?, String?)])
  func redirects(_ from: String, _ status: Int, _ location: String?, _ expected: String?) throws {
    let response = HTTPResponse(status: status, fields: location.map { ["location": $0] } ?? [:])
    let url = try #require(URL(string: from))
    func next(_ count: Int) throws(RedirectRefusal) -> String? {
      try RedirectPolicy.next(after: response, from: url, count: count, limit: 10)?.absoluteString
    }
    if let expected, expected.hasPrefix("!") {
      let refusal = #expect(throws: RedirectRefusal.self) { try next(0) }
      #expect(refusal?.reason.contains(expected.dropFirst()) == true, "\(String(describing: refusal))")
    } else {
      #expect(try next(9) == expected)
      if expected != nil { #expect(throws: RedirectRefusal.self) { try next(10) } }
    }
  }

  @Test("only a valid Content-Range is accepted")
  func ranges() {
    let good = ContentRange("bytes 500-999/1000")
    #expect(good?.first == 500 && good?.last == 999 && good?.total == 1000)
    #expect(ContentRange("Bytes 0-0/*")?.total == .some(nil))
    for bad in [
      "", "bytes", "bytes 5-4/10", "bytes 0-10/10", "bytes -1-2/9", "bytes 0-1", "lines 0-1/2", "bytes 0-1/2/3",
      "bytes */10", "bytes 0-99999999999999999999/*", "bytes 0-9223372036854775807/*", "bytes 0-4611686018427387904/*",
      "bytes +0-1/2", "bytes 0-1/x", "bytes 0x0-1/2",
    ] {
      #expect(ContentRange(bad) == nil, "\(bad)")
    }
  }

  @Test("Retry-After is read as seconds or as a date")
  func retryAfter() throws {
    let now = Date(timeIntervalSince1970: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT
    for (field, seconds) in [
      ("120", 120), ("0", 0), ("Sun, 06 Nov 1994 08:51:37 GMT", 120), ("Sunday, 06-Nov-94 08:51:37 GMT", 120),
      ("Sun Nov  6 08:51:37 1994", 120), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
      ("99999999999999999999999999", 1_000_000),
    ] {
      #expect(RetryAfter.pause(field, now: now) == .seconds(seconds), "\(field)")
    }
    for field in ["", "soon", "-5", "1.5", "1e9"] { #expect(RetryAfter.pause(field, now: now) == nil, "\(field)") }
  }

  @Test("pauses double, vary at random, and never exceed the longest pause")
  func pauses() {
    let settings = FetchSettings()
    var source = SplittableRandomSource(seed: 1)
    for (failureCount, longest) in [(1, 0.5), (2, 1), (3, 2), (6, 16), (7, 30), (1000, 30)] {
      let pauses = (0..<100).map { _ in
        settings.pause(failureCount: failureCount, requested: nil, using: &source) / .seconds(1)
      }
      #expect(pauses.allSatisfy { $0 >= longest / 2 && $0 <= longest })
      #expect(Set(pauses).count > 50)
    }
    #expect(settings.pause(failureCount: 1, requested: .seconds(9), using: &source) == .seconds(9))
    #expect(settings.pause(failureCount: 1, requested: .seconds(900), using: &source) == .seconds(30))
  }

  @Test("a response that stalls or is too slow is detected by the clock")
  func watch() {
    let start = ContinuousClock().now
    /// Returns the complaint about a response that arrives at a constant rate.
    func complaint(after seconds: Int, bytesPerSecond: Int) -> String? {
      var watch = TransferWatch(settings: FetchSettings(), now: start)
      for second in 1...seconds {
        watch.received(bytesPerSecond)
        if let complaint = watch.complaint(now: start + .seconds(second)) { return complaint }
      }
      return nil
    }
    #expect(complaint(after: 30, bytesPerSecond: 0) == nil)
    #expect(complaint(after: 31, bytesPerSecond: 0) == "received nothing for 30.0 seconds")
    #expect(complaint(after: 30, bytesPerSecond: 1000) == nil)
    #expect(complaint(after: 31, bytesPerSecond: 1000)?.hasPrefix("too slow: 1000 bytes per second") == true)
    #expect(complaint(after: 300, bytesPerSecond: 1100) == nil)
  }

  @Test("the time while the process was stopped or the machine slept is not counted")
  func stopped() {
    let start = ContinuousClock().now
    var watch = TransferWatch(settings: FetchSettings(), now: start)
    #expect(watch.complaint(now: start + .seconds(1)) == nil)
    #expect(watch.complaint(now: start + .seconds(3600)) == nil)
    #expect(watch.complaint(now: start + .milliseconds(3_600_900)) == nil)
  }

  @Test("a download is resumed only with a strong entity tag or a date, not with a weak entity tag")
  func validators() {
    func validator(_ fields: [String: String]) -> String? { HTTPResponse(status: 200, fields: fields).validator }
    #expect(validator(["ETAG": "\"a\"", "Last-Modified": "then"]) == "\"a\"")
    #expect(validator(["etag": "W/\"a\"", "last-modified": "then"]) == "then")
    #expect(validator(["etag": "W/\"a\""]) == nil)
    #expect(validator(["etag": "\""]) == nil)
    #expect(HTTPResponse(status: 200, fields: ["content-length": "-1"]).contentLength == nil)
    #expect(HTTPResponse(status: 200, fields: ["content-length": "99999999999999999999"]).contentLength == nil)
  }

  @Test("the text of a source shows whether it is a mirror or a folder")
  func sources() {
    #expect(FetchSource("https://h/a") == FetchSource("https://h/a/"))
    #expect(FetchSource("HTTP://h")?.description == "http://h/")
    #expect(FetchSource("https://me:secret@h/a")?.description == "https://me:***@h/a/")
    #expect(FetchSource("/data") == .folder("/data"))
    #expect(FetchSource("file:///data/x") == .folder("/data/x"))
    for bad in ["", "http://", "https:///x", "http://h/?q", "http://h/#f", "http://a b/"] {
      #expect(FetchSource(bad) == nil, "\(bad)")
    }
  }
}
