/// The rate at which an answer comes in, measured over successive stretches of time.
package struct TransferWatch {
  private let settings: FetchSettings
  private var start: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  private var byteCount = 0

  /// A longer time between two looks is not the server's: the process was stopped, the machine slept, or the disk was slow.
  private static let longestLook = Duration.seconds(1)

  /// Creates a watch that begins now.
  package init(settings: FetchSettings, now: ContinuousClock.Instant) {
    self.settings = settings
    start = now
    lastLook = now
  }

  /// Counts bytes that have come.
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
