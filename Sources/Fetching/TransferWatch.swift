/// Whether an answer comes in fast enough.
package struct TransferWatch {
  private let settings: FetchSettings
  private var lastSign: ContinuousClock.Instant
  private var windowStart: ContinuousClock.Instant
  private var windowByteCount = 0

  /// A watch that begins now.
  package init(settings: FetchSettings, now: ContinuousClock.Instant) {
    self.settings = settings
    lastSign = now
    windowStart = now
  }

  /// Takes note of bytes.
  package mutating func received(_ byteCount: Int, now: ContinuousClock.Instant) {
    if byteCount > 0 { lastSign = now }
    windowByteCount += byteCount
  }

  /// What is wrong with the pace; nil for nothing.
  package mutating func complaint(now: ContinuousClock.Instant) -> String? {
    if lastSign.duration(to: now) > settings.idleLimit {
      return "nothing came for \(Self.text(settings.idleLimit))"
    }
    let time = windowStart.duration(to: now)
    if time > settings.rateTime {
      let rate = Double(windowByteCount) / (time / .seconds(1))
      if rate < Double(settings.minimumRate) {
        return "too slow: \(Int(rate)) bytes a second, expected at least \(settings.minimumRate)"
      }
      windowStart = now
      windowByteCount = 0
    }
    return nil
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}
