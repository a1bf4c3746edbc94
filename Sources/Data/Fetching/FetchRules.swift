package import Foundation

/// The rules for following redirects.
package enum RedirectPolicy {
  /// Returns the URL to which a response redirects; nil if the response is not a redirect.
  ///
  /// - Parameters:
  ///   - response: the response.
  ///   - url: the requested URL.
  ///   - count: the number of earlier redirects.
  ///   - limit: the maximum number of redirects.
  /// - Throws: ``RedirectRefusal`` for too many redirects, a missing target, a target that is not a web address, or a
  ///   redirect from https to http.
  package static func next(
    after response: HTTPResponse, from url: URL, count: Int, limit: Int
  ) throws(RedirectRefusal) -> URL? {
    guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
    guard count < limit else { throw RedirectRefusal(reason: "more than \(limit) redirects") }
    guard let location = response.field("Location"), !location.isEmpty,
      let next = URL(string: location, relativeTo: url)?.absoluteURL
    else { throw RedirectRefusal(reason: "status \(response.status), a redirect without a target") }
    let scheme = next.scheme?.lowercased()
    guard scheme == "http" || scheme == "https", next.host?.isEmpty == false else {
      throw RedirectRefusal(reason: "a redirect to \(next.absoluteString), which is not a web address")
    }
    if url.scheme?.lowercased() == "https", scheme == "http" {
      throw RedirectRefusal(reason: "a redirect from https to \(next.absoluteString), which is not encrypted")
    }
    return next
  }
}

/// The reason why a redirect is not followed.
package struct RedirectRefusal: Error, Equatable {
  package let reason: String
}

/// The header field `Retry-After` (RFC 9110, section 10.2.3): a number of seconds, or a date.
package enum RetryAfter {
  /// Returns the time to wait; nil if the field cannot be parsed. For a date in the past, the time is 0.
  package static func pause(_ field: String, now: Date) -> Duration? {
    if field.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !field.isEmpty {
      return .seconds(min(Double(field) ?? 0, 1e6))
    }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    // The format that servers send, and the two old formats that clients must accept.
    for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
      formatter.dateFormat = format
      if let date = formatter.date(from: field) {
        return .seconds(min(max(0, date.timeIntervalSince(now)), 1e6))
      }
    }
    return nil
  }
}

/// The header field `Content-Range` of a partial response (RFC 9110, section 14.4), such as `bytes 500-999/1000`.
package struct ContentRange: Equatable {
  /// The offset of the first byte.
  package let first: Int
  /// The offset of the last byte.
  package let last: Int
  /// The size of the whole file in bytes; nil if the field has `*` as the size.
  package let total: Int?

  /// Parses a `Content-Range` field. The result is nil if the field is not a valid range.
  package init?(_ field: String) {
    let parts = field.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
    let halves = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else {
      return nil
    }
    if halves[1] == "*" {
      total = nil
    } else {
      guard let total = Self.number(halves[1]), last < total else { return nil }
      self.total = total
    }
    self.first = first
    self.last = last
  }

  /// Returns the number in a text; nil if the text is not a number below 2^62. With this limit, sums and differences of
  /// offsets do not overflow.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text).flatMap { $0 < 1 << 62 ? $0 : nil } : nil
  }
}

/// A measurement of the rate at which a response arrives. Each period is measured separately.
package struct TransferWatch {
  private let settings: FetchSettings
  private var start: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  private var byteCount = 0

  /// The longest time between two measurements that counts as waiting for the server. A longer time means that the
  /// process was stopped, the machine slept, or the disk was slow.
  private static let longestLook = Duration.seconds(1)

  package init(settings: FetchSettings, now: ContinuousClock.Instant) {
    self.settings = settings
    start = now
    lastLook = now
  }

  package mutating func received(_ byteCount: Int) {
    self.byteCount += byteCount
  }

  /// Returns the reason why the response is too slow; nil if the rate is high enough or the period has not ended.
  ///
  /// Callers call this method repeatedly while they wait for bytes.
  package mutating func complaint(now: ContinuousClock.Instant) -> String? {
    let gap = lastLook.duration(to: now)
    if gap > Self.longestLook { start += gap }
    lastLook = now
    let seconds = start.duration(to: now) / .seconds(1)
    guard seconds > settings.rateTime / .seconds(1) else { return nil }
    let rate = Double(byteCount) / seconds
    guard rate >= Double(settings.minimumRate) else {
      return byteCount == 0
        ? "received nothing for \(settings.rateTime)"
        : "too slow: \(Int(rate)) bytes per second, expected at least \(settings.minimumRate)"
    }
    start = now
    byteCount = 0
    return nil
  }
}
