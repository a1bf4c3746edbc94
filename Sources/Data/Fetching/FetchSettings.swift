public import Foundation

/// Where published files come from.
public enum FetchSource: Equatable, Sendable, CustomStringConvertible {
  /// A base URL, to which a file's name is added.
  case mirror(URL)
  /// A local folder.
  case folder(String)

  /// A source as a user writes it: what begins with `http://` or `https://` is a mirror, `file://` and all else is a
  /// folder.
  ///
  /// - Returns: nil for a URL that cannot be.
  public init?(_ text: String) {
    let lower = text.lowercased()
    if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
      // Schemes have no case, but not every client knows.
      let scheme = lower.prefix { $0 != ":" }
      let text = scheme + text.dropFirst(scheme.count)
      guard let url = URL(string: text.hasSuffix("/") ? String(text) : text + "/"), url.host?.isEmpty == false,
        url.query == nil, url.fragment == nil, url.port.map({ (1...65535).contains($0) }) ?? true
      else { return nil }
      self = .mirror(url)
    } else if lower.hasPrefix("file://") {
      guard let url = URL(string: text), url.isFileURL, ["", "localhost"].contains(url.host ?? "") else { return nil }
      self = .folder(url.path)
    } else {
      guard !text.isEmpty else { return nil }
      self = .folder(text)
    }
  }

  /// The base URL or the folder.
  public var description: String {
    switch self {
    case .mirror(let url): Self.withoutPassword(url).absoluteString
    case .folder(let path): path
    }
  }

  /// Passwords are for servers, not for messages.
  private static func withoutPassword(_ url: URL) -> URL {
    guard url.password != nil, var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return url }
    parts.password = "***"
    return parts.url ?? url
  }
}

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
