public import Foundation

/// A client that sends HTTP requests. It does not follow redirects.
///
/// The module provides ``CurlTransport``; a program may provide another transport.
public protocol HTTPTransport: Sendable {
  /// Sends a request with some header fields, and returns the exchange that receives the response.
  func begin(_ url: URL, fields: [String: String]) -> any HTTPExchange
}

/// The response to one request. The caller receives the response piece by piece.
public protocol HTTPExchange: AnyObject {
  /// Returns the next event; nil if no event occurs within the given time.
  ///
  /// The first event is a response. Events with bytes follow, and then the end. A failure may occur at any time. No
  /// event follows the end or a failure.
  func next(within time: Duration) -> HTTPEvent?

  /// Ends the exchange and discards the rest of the response.
  func cancel()
}

/// The status and the header fields of a response.
public struct HTTPResponse: Equatable, Sendable {
  /// The status code, such as 200.
  public let status: Int
  private let fields: [String: String]

  /// Creates a response. The names of header fields are case-insensitive.
  public init(status: Int, fields: [String: String] = [:]) {
    self.status = status
    self.fields = Dictionary(fields.map { ($0.lowercased(), $1) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the value of a header field without spaces around it; nil if the field is missing.
  public func field(_ name: String) -> String? {
    fields[name.lowercased()]?.trimmingCharacters(in: .whitespaces)
  }

  /// The length of the body in bytes; nil if the response does not state the length. A response with a transfer
  /// encoding has no stated length (RFC 9112, section 6.3).
  public var contentLength: Int? {
    guard field("Transfer-Encoding") == nil else { return nil }
    return field("Content-Length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The value that identifies this version of the file: a strong entity tag if there is one, or the date of the last
  /// change.
  public var validator: String? {
    if let tag = field("ETag"), tag.hasPrefix("\""), tag.hasSuffix("\""), tag.utf8.count >= 2 { return tag }
    return field("Last-Modified").flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// An event of an exchange.
public enum HTTPEvent: Sendable {
  /// The status and the header fields of the response.
  case response(HTTPResponse)
  /// A piece of the body.
  case bytes(Data)
  /// The end of the body. If the response does not state its length, the body may be incomplete.
  case end
  /// A failure: there is no response, or the rest of the response is missing.
  case failure(HTTPFailure)
}

/// The reason why a response, or the rest of a response, is missing.
public struct HTTPFailure: Error, Equatable, Sendable {
  /// The kinds of failures of an exchange. The kind determines whether the fetcher tries again.
  public enum Kind: Equatable, Sendable {
    /// There is no connection. Possible reasons are an unknown host, a refused connection, or no network.
    case unreachable
    /// The connection broke, or the received bytes are not HTTP.
    case broken
    /// The certificate of the server is not trusted.
    case untrusted
    /// The response arrived more slowly than the minimum rate.
    case slow
  }

  /// The kind of the failure.
  public let kind: Kind
  /// The reason for the failure, as text for an error message.
  public let reason: String

  /// Creates a failure with a kind and a reason.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
