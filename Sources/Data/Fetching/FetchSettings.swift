/// How patient a fetch is.
public struct FetchSettings: Equatable, Sendable {
  /// The number of failed attempts after which a mirror is left. The count begins anew when an attempt makes progress.
  public var attemptCount = 4
  /// The number of failed attempts after which a mirror that cannot be reached is left.
  public var unreachableAttemptCount = 2
  /// The bytes beyond the furthest place reached before that count as progress.
  public var progressByteCount = 1 << 20
  /// The pause before the second attempt; each further one is twice as long.
  public var firstPause = Duration.milliseconds(500)
  /// The longest pause, also where the server asks for a longer one.
  public var longestPause = Duration.seconds(30)
  /// The lowest rate at which a mirror may send, in bytes a second. A slower one is left at once.
  public var minimumRate = 1024
  /// The time over which the rate is measured.
  public var rateTime = Duration.seconds(30)
  /// How many redirects are followed.
  public var redirectLimit = 10

  /// The usual patience.
  public init() {}

  /// The pause before an attempt: twice as long for each that failed, and between half of that and all of it by chance,
  /// so that many who failed at once do not come back at once.
  ///
  /// - Parameters:
  ///   - failureCount: how many attempts have failed in a row, 1 or more.
  ///   - requested: what the server asked for, which counts where it is longer.
  package func pause(
    failureCount: Int, requested: Duration?, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    let longest = min(firstPause * (1 << min(max(failureCount - 1, 0), 20)), longestPause)
    let pause = longest * Double.random(in: 0.5...1, using: &generator)
    return min(max(pause, requested ?? .zero), longestPause)
  }
}
