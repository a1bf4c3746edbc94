package import Foundation

/// Where a redirect may lead.
package enum RedirectPolicy {
  /// The URL that an answer leads on to; nil where it is no redirect.
  ///
  /// - Parameters:
  ///   - response: the answer.
  ///   - url: what was asked for.
  ///   - count: how many redirects led to it.
  ///   - limit: the most redirects that are followed.
  /// - Throws: a refusal in words, for too many redirects, no target, a target that is no web address, and one that
  ///   leaves https for http.
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
      throw RedirectRefusal(reason: "a redirect to \(next.absoluteString), which is no web address")
    }
    if url.scheme?.lowercased() == "https", scheme == "http" {
      throw RedirectRefusal(reason: "a redirect from https to \(next.absoluteString), which is not encrypted")
    }
    return next
  }
}

/// Why a redirect is not followed.
package struct RedirectRefusal: Error, Equatable {
  package let reason: String
}

/// The header field `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
package enum RetryAfter {
  /// How long to wait; nil where the field says nothing that can be read. A date that has gone is no wait.
  package static func pause(_ field: String, now: Date) -> Duration? {
    if field.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !field.isEmpty {
      return .seconds(min(Double(field) ?? 0, 1e6))
    }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    // The form that is sent, and the two that a receiver has to know.
    for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
      formatter.dateFormat = format
      if let date = formatter.date(from: field) {
        return .seconds(min(max(0, date.timeIntervalSince(now)), 1e6))
      }
    }
    return nil
  }
}

/// The header field `Content-Range` of a partial answer (RFC 9110, section 14.4): `bytes 500-999/1000`.
package struct ContentRange: Equatable {
  /// The first byte's place.
  package let first: Int
  /// The last byte's place.
  package let last: Int
  /// The whole resource's size; nil for `*`.
  package let total: Int?

  /// Reads a field; nil where it is none of a range that can be.
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

  /// No file is larger than 2^62 bytes, so that sums and differences of places do not overflow.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text).flatMap { $0 < 1 << 62 ? $0 : nil } : nil
  }
}

/// The rate at which an answer comes in, measured over successive stretches of time.
package struct TransferWatch {
  private let settings: FetchSettings
  private var start: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  private var byteCount = 0

  /// A longer time between two looks is not the server's: the process was stopped, the machine slept, or the disk was slow.
  private static let longestLook = Duration.seconds(1)

  package init(settings: FetchSettings, now: ContinuousClock.Instant) {
    self.settings = settings
    start = now
    lastLook = now
  }

  package mutating func received(_ byteCount: Int) {
    self.byteCount += byteCount
  }

  /// Returns why the answer is too slow; nil where it is fast enough, or has not been watched for long enough.
  ///
  /// To be called again and again while bytes are awaited.
  package mutating func complaint(now: ContinuousClock.Instant) -> String? {
    let gap = lastLook.duration(to: now)
    if gap > Self.longestLook { start += gap }
    lastLook = now
    let seconds = start.duration(to: now) / .seconds(1)
    guard seconds > settings.rateTime / .seconds(1) else { return nil }
    let rate = Double(byteCount) / seconds
    guard rate >= Double(settings.minimumRate) else {
      return byteCount == 0
        ? "nothing came for \(settings.rateTime)"
        : "too slow: \(Int(rate)) bytes a second, expected at least \(settings.minimumRate)"
    }
    start = now
    byteCount = 0
    return nil
  }
}
