internal import Foundation

/// The variables by which the environment names proxies.
enum ProxyVariables {
  /// Lets the system's client know HTTP_PROXY, which on Linux it reads in lower case only, where no web server that sets
  /// it by what its client sends is at work.
  ///
  /// To be called before there is a second thread.
  static func makeKnown() {
    #if !canImport(Darwin)
      let environment = ProcessInfo.processInfo.environment
      if let proxy = environment["HTTP_PROXY"], environment["http_proxy"] == nil, environment["REQUEST_METHOD"] == nil {
        setenv("http_proxy", proxy, 0)
      }
    #endif
  }
}
