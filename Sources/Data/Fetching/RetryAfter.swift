package import Foundation

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
