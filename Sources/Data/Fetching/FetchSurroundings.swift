public import Foundation

/// What a fetch needs from outside.
public struct FetchSurroundings: Sendable {
  /// What carries the requests.
  public var transport: any HTTPTransport
  /// A clock that only goes forward.
  public var now: @Sendable () -> ContinuousClock.Instant
  /// The time of day.
  public var date: @Sendable () -> Date
  /// Waits; may return early when the user interrupts.
  public var sleep: @Sendable (Duration) -> Void
  /// Whether the user wants to end it.
  public var isInterrupted: @Sendable () -> Bool

  /// The system's clocks, and whatever else is given.
  public init(
    transport: any HTTPTransport, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock().now },
    date: @escaping @Sendable () -> Date = { Date() },
    sleep: @escaping @Sendable (Duration) -> Void = { Thread.sleep(forTimeInterval: $0 / .seconds(1)) },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.transport = transport
    self.now = now
    self.date = date
    self.sleep = sleep
    self.isInterrupted = isInterrupted
  }
}
