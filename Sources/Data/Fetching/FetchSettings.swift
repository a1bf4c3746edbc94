public import Foundation

/// A source of published files.
public enum FetchSource: Equatable, Sendable, CustomStringConvertible {
  /// A mirror with its base URL. The URL of a file is the base URL, followed by the name of the file.
  case mirror(URL)
  /// A local folder.
  case folder(String)

  /// Creates a source from a user's text. The result is nil if the text is empty or an invalid URL.
  ///
  /// A text that begins with `http://` or `https://` becomes a mirror. A `file://` URL becomes a folder. Any other text
  /// is the path of a folder.
  public init?(_ text: String) {
    let lower = text.lowercased()
    if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
      // Schemes are case-insensitive, but some clients accept only lower case.
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

  /// The base URL without its password, or the path of the folder.
  public var description: String {
    switch self {
    case .mirror(let url): Self.withoutPassword(url).absoluteString
    case .folder(let path): path
    }
  }

  /// Returns the URL for messages, with `***` instead of the password.
  private static func withoutPassword(_ url: URL) -> URL {
    guard url.password != nil, var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return url }
    parts.password = "***"
    return parts.url ?? url
  }
}

/// The limits for attempts, pauses and rates of a fetch.
public struct FetchSettings: Equatable, Sendable {
  /// The number of failed attempts after which a mirror is abandoned. An attempt that makes progress restarts the
  /// count.
  public var attemptCount = 4
  /// The number of failed attempts after which an unreachable mirror is abandoned.
  public var unreachableAttemptCount = 2
  /// The number of new bytes that an attempt must receive to count as progress.
  public var progressByteCount = 1 << 20
  /// The pause before the second attempt. Each further pause is twice as long as the previous pause.
  public var firstPause = Duration.milliseconds(500)
  /// The longest pause. It also limits the pauses that servers ask for.
  public var longestPause = Duration.seconds(30)
  /// The lowest accepted rate, in bytes per second. A slower mirror is abandoned at once.
  public var minimumRate = 1024
  /// The period over which the rate is measured.
  public var rateTime = Duration.seconds(30)
  /// The maximum number of redirects.
  public var redirectLimit = 10

  /// Creates the default settings.
  public init() {}

  /// Returns the pause before the next attempt.
  ///
  /// The pause doubles with each failure, up to the longest pause. A random factor between 0.5 and 1 then shortens the
  /// pause, so that many clients do not return at the same moment.
  ///
  /// - Parameters:
  ///   - failureCount: the number of consecutive failed attempts, 1 or more.
  ///   - requested: the pause that the server asks for; nil if the server asks for no pause. The result is not shorter
  ///     than this pause, but it never exceeds the longest pause.
  ///   - generator: the random number generator for the random factor.
  package func pause(
    failureCount: Int, requested: Duration?, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    let longest = min(firstPause * (1 << min(max(failureCount - 1, 0), 20)), longestPause)
    let pause = longest * Double.random(in: 0.5...1, using: &generator)
    return min(max(pause, requested ?? .zero), longestPause)
  }
}

/// The network, the clocks and the interruption flag that a fetch uses.
public struct FetchSurroundings: Sendable {
  /// The transport that sends the requests.
  public var transport: any HTTPTransport
  /// The current time of a clock that never goes back.
  public var now: @Sendable () -> ContinuousClock.Instant
  /// The current date and time.
  public var date: @Sendable () -> Date
  /// A function that waits for a given time. It may return early if the user interrupts the program.
  public var sleep: @Sendable (Duration) -> Void
  /// Whether the user has interrupted the program.
  public var isInterrupted: @Sendable () -> Bool

  /// Creates surroundings with a transport. By default, a fetch uses the clocks of the system and is never interrupted.
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
