internal import DurableFiles
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
      guard let url = URL(string: text), url.isFileURL,
        ["", "localhost"].contains(url.host ?? "")
      else { return nil }
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
  static func withoutPassword(_ url: URL) -> URL {
    guard url.password != nil, var parts = URLComponents(url: url, resolvingAgainstBaseURL: false) else { return url }
    parts.password = "***"
    return parts.url ?? url
  }

  /// Where a file is, passwords and all.
  func location(of name: String) -> String {
    switch self {
    case .mirror(let url): url.absoluteString + name
    case .folder(let path): FilePaths.join(path, name)
    }
  }
}
