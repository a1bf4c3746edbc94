internal import Foundation

/// The proxies that environment variables name, as curl and most programs read them: `http_proxy`, `https_proxy`,
/// `all_proxy`, `no_proxy`, in lower case before upper case.
package struct ProxyEnvironment: Equatable {
  /// The proxy for http, as a URL or host and port.
  package let http: String?
  /// The proxy for https.
  package let https: String?
  /// The hosts that are asked directly.
  package let exceptions: [String]

  /// The proxies of an environment; empty values count as absent.
  package init(_ environment: [String: String]) {
    func value(_ name: String) -> String? {
      [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    // In a web server's child HTTP_PROXY is whatever the client's header "Proxy" says.
    let isCGI = environment["REQUEST_METHOD"] != nil
    let http = isCGI ? environment["http_proxy"].flatMap { $0.isEmpty ? nil : $0 } : value("http_proxy")
    self.http = http ?? value("all_proxy")
    https = value("https_proxy") ?? value("all_proxy")
    exceptions = (value("no_proxy") ?? "").split { $0 == "," || $0 == " " }.map(String.init)
  }

  /// Host and port of a proxy.
  package static func address(_ proxy: String) -> (host: String, port: Int)? {
    let text = proxy.contains("://") ? proxy : "http://" + proxy
    guard let components = URLComponents(string: text), let host = components.host, !host.isEmpty else { return nil }
    return (host, components.port ?? (components.scheme == "https" ? 443 : 1080))
  }

  #if canImport(Darwin)
    /// By CFNetwork's keys, written out because not all platforms declare those for https.
    var connectionProxyDictionary: [AnyHashable: Any] {
      var dictionary: [AnyHashable: Any] = [:]
      if let (host, port) = http.flatMap(Self.address) {
        dictionary["HTTPEnable"] = 1
        dictionary["HTTPProxy"] = host
        dictionary["HTTPPort"] = port
      }
      if let (host, port) = https.flatMap(Self.address) {
        dictionary["HTTPSEnable"] = 1
        dictionary["HTTPSProxy"] = host
        dictionary["HTTPSPort"] = port
      }
      if !dictionary.isEmpty { dictionary["ExceptionsList"] = exceptions }
      return dictionary
    }
  #endif
}
