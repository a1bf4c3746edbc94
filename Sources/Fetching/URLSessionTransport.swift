internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// HTTP by the system's `URLSession`. Certificates are always checked; no cookies, no cache, no credentials.
///
/// On Linux proxies are those of the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`); on Darwin those
/// given here, beside the system's own.
public final class URLSessionTransport: HTTPTransport {
  private let session: URLSession
  private let exchanges = ExchangeTable()
  private let userAgent: String

  /// A transport of its own connections.
  ///
  /// - Parameters:
  ///   - userAgent: what requests call the program.
  ///   - environment: the variables that name proxies.
  public init(userAgent: String, environment: [String: String] = [:]) {
    self.userAgent = userAgent
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    configuration.urlCredentialStorage = nil
    // Time is watched by whoever takes the bytes. The session's own limit would end long downloads.
    configuration.timeoutIntervalForRequest = 3600
    configuration.timeoutIntervalForResource = 7 * 24 * 3600
    #if canImport(Darwin)
      let proxies = ProxyEnvironment(environment).connectionProxyDictionary
      if !proxies.isEmpty { configuration.connectionProxyDictionary = proxies }
    #endif
    session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  /// Sends a request.
  public func begin(_ request: HTTPRequest) -> any HTTPExchange {
    var sent = URLRequest(url: request.url)
    for (name, value) in request.fields { sent.setValue(value, forHTTPHeaderField: name) }
    // The published files are packed already, and checked as they are.
    sent.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    sent.setValue(userAgent, forHTTPHeaderField: "User-Agent")
    let task = session.dataTask(with: sent)
    let exchange = URLSessionExchange(task)
    exchanges.add(exchange, for: task)
    task.resume()
    return exchange
  }
}
