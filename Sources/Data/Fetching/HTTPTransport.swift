public import Foundation

/// What carries requests to servers: one request, one answer, no redirects followed.
///
/// The module's own is ``CurlTransport``; a program may bring another one.
public protocol HTTPTransport: Sendable {
  /// Sends a request for a resource with some header fields, and gives the answer as it comes in.
  func begin(_ url: URL, fields: [String: String]) -> any HTTPExchange
}

/// One request's answer, taken piece by piece by whoever waits for it.
public protocol HTTPExchange: AnyObject {
  /// The next thing that happens; nil where nothing does within a time.
  ///
  /// First a response, then bytes, then the end; a failure may come at any moment. Nothing comes after the end or a
  /// failure.
  func next(within time: Duration) -> HTTPEvent?

  /// Ends the exchange, whatever is still to come.
  func cancel()
}

/// What stands before an answer's body.
public struct HTTPResponse: Equatable, Sendable {
  /// The status, such as 200.
  public let status: Int
  private let fields: [String: String]

  /// An answer's status and header fields, whose names may have any case.
  public init(status: Int, fields: [String: String] = [:]) {
    self.status = status
    self.fields = Dictionary(fields.map { ($0.lowercased(), $1) }, uniquingKeysWith: { first, _ in first })
  }

  /// The value of a header field without spaces around it; nil where there is none.
  public func field(_ name: String) -> String? {
    fields[name.lowercased()]?.trimmingCharacters(in: .whitespaces)
  }

  /// The length of the body, where the answer states it. With a transfer encoding it does not count (RFC 9112, section 6.3).
  public var contentLength: Int? {
    guard field("Transfer-Encoding") == nil else { return nil }
    return field("Content-Length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// What tells whether the resource is still the same: a strong entity tag, else the date of its last change.
  public var validator: String? {
    if let tag = field("ETag"), tag.hasPrefix("\""), tag.hasSuffix("\""), tag.utf8.count >= 2 { return tag }
    return field("Last-Modified").flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// What happens in an exchange.
public enum HTTPEvent: Sendable {
  /// The answer's head.
  case response(HTTPResponse)
  /// A piece of its body.
  case bytes(Data)
  /// The body's end, as far as the connection tells.
  case end
  /// No answer, or no more of it.
  case failure(HTTPFailure)
}

/// Why there is no answer, or no more of it.
public struct HTTPFailure: Error, Equatable, Sendable {
  /// The kinds that are dealt with differently.
  public enum Kind: Equatable, Sendable {
    /// No connection came about: an unknown host, a refusal, no network.
    case unreachable
    /// The connection broke, or what came through it is no HTTP.
    case broken
    /// The server's certificate is not to be trusted.
    case untrusted
    /// The answer came more slowly than the minimum rate.
    case slow
  }

  /// The kind.
  public let kind: Kind
  /// The reason in words.
  public let reason: String

  /// A failure of a kind.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
