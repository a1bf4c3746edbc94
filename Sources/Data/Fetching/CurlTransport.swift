private import CCurl
public import Foundation
private import Synchronization

/// An HTTP transport that uses the system's libcurl.
///
/// The transport always checks certificates. It keeps neither cookies nor a cache. It sends the user name and the
/// password of a URL as basic authentication.
///
/// libcurl reads the proxy settings from the environment variables `http_proxy`, `https_proxy`, `all_proxy` and
/// `no_proxy`. Connections are kept open for later requests to the same server. A program that uses this type should
/// ignore SIGPIPE.
public final class CurlTransport: HTTPTransport {
  private let userAgent: String
  private let httpProxy: String?
  /// The drivers that no exchange uses. Their connections stay open.
  private let idleDrivers = Mutex<[CurlDriver]>([])

  /// Creates a transport with its own connections.
  ///
  /// - Parameters:
  ///   - userAgent: the name and version of the program. Every request contains this text.
  ///   - environment: the environment variables of the program. The transport reads `HTTP_PROXY` from these variables,
  ///     because libcurl reads only `http_proxy`. In a CGI process, the transport ignores `HTTP_PROXY`, because a
  ///     client can set this variable with the header field `Proxy`.
  public init(userAgent: String, environment: [String: String] = [:]) {
    self.userAgent = userAgent
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let isChildOfServer = environment["REQUEST_METHOD"] != nil
    httpProxy = isChildOfServer || value("http_proxy") != nil ? nil : value("HTTP_PROXY")
  }

  /// Begins a request and returns the exchange that receives the response.
  public func begin(_ url: URL, fields: [String: String]) -> any HTTPExchange {
    let driver = idleDrivers.withLock { $0.popLast() } ?? CurlDriver()
    var fields = fields
    // The published checksums belong to the compressed files, so the server must not change the encoding.
    fields["Accept-Encoding"] = "identity"
    fields["User-Agent"] = userAgent
    let proxy = url.scheme?.lowercased() == "http" ? httpProxy : nil
    return CurlExchange(url: url.absoluteString, fields: fields, proxy: proxy, driver: driver) {
      [self] driver in
      idleDrivers.withLock { $0.append(driver) }
    }
  }
}

/// A libcurl handle that runs transfers and keeps their connections open. Only one thread at a time uses the handle.
private final class CurlDriver: @unchecked Sendable {
  private static let isInitialized: Bool = mnist_curl_initialize() == CURLE_OK

  let handle: UnsafeMutableRawPointer?

  init() { handle = Self.isInitialized ? curl_multi_init() : nil }

  deinit { curl_multi_cleanup(handle) }
}

/// One request and its response.
///
/// Bytes are received only during a call of ``next(within:)``. Memory therefore holds at most a few megabytes of the
/// response.
private final class CurlExchange: HTTPExchange {
  /// The maximum total length of a response's header fields, in bytes. Interim responses and trailers are included.
  private static let maximumHeadByteCount = 1 << 16

  private let driver: CurlDriver
  private let giveBack: (CurlDriver) -> Void
  private var transfer: UnsafeMutableRawPointer?
  private var fieldList: UnsafeMutablePointer<curl_slist>?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// The events that the caller has not received yet. The oldest event is first.
  private var events: [HTTPEvent] = []
  private var head = Head()
  private var refusal: String?
  private var isReleased = false

  /// The time at which libcurl must return to the caller. Without this limit, libcurl would read the whole body of a
  /// proxy's error response, which may be endless.
  private var latestReturn = ContinuousClock.now
  private static let longestCall = Duration.seconds(1)

  /// The part of a response header that has been received.
  private struct Head {
    var status: Int?
    var fields: [String: String] = [:]
    var byteCount = 0
    var isComplete = false
  }

  init(
    url: String, fields: [String: String], proxy: String?, driver: CurlDriver,
    giveBack: @escaping (CurlDriver) -> Void
  ) {
    self.driver = driver
    self.giveBack = giveBack
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    transfer = curl_easy_init()
    do throws(HTTPFailure) {
      try configure(url: url, fields: fields, proxy: proxy)
    } catch {
      finish(.failure(error))
    }
  }

  private static func failure(_ reason: String) -> HTTPFailure { HTTPFailure(.broken, "libcurl: \(reason)") }

  /// Sets all options of libcurl and begins the transfer.
  private func configure(url: String, fields: [String: String], proxy: String?) throws(HTTPFailure) {
    guard let transfer, let multi = driver.handle else { throw Self.failure("cannot be initialized") }
    func check(_ code: CURLcode) throws(HTTPFailure) {
      guard code == CURLE_OK else { throw Self.failure(String(cString: curl_easy_strerror(code))) }
    }
    for (name, value) in fields {
      guard let list = curl_slist_append(fieldList, "\(name): \(value)") else { throw Self.failure("out of memory") }
      fieldList = list
    }
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(mnist_curl_set_text(transfer, CURLOPT_URL, url))
    try check(mnist_curl_allow_http_only(transfer))
    if let proxy { try check(mnist_curl_set_text(transfer, CURLOPT_PROXY, proxy)) }
    try check(mnist_curl_set_fields(transfer, fieldList))
    try check(mnist_curl_set_pointer(transfer, CURLOPT_ERRORBUFFER, errorText))
    // Do not let the resolver use a signal for its time-out. The caller checks the time.
    try check(mnist_curl_set_number(transfer, CURLOPT_NOSIGNAL, 1))
    mnist_curl_leave_resolver_behind(transfer)
    try check(mnist_curl_set_number(transfer, CURLOPT_BUFFERSIZE, 1 << 16))
    // Hide the header that a proxy sends after a CONNECT request. Only the server's header is needed.
    try check(mnist_curl_set_number(transfer, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))
    try check(
      mnist_curl_set_progress(
        transfer,
        { context, _, _, _, _ in
          guard let context else { return 1 }
          return Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue().mayContinue ? 0 : 1
        }, context))
    try check(mnist_curl_set_pointer(transfer, CURLOPT_HEADERDATA, context))
    try check(
      mnist_curl_set_receiver(transfer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        CurlExchange.received(bytes, size * count, context) { $0.receiveHeadLine($1) }
      })
    try check(mnist_curl_set_pointer(transfer, CURLOPT_WRITEDATA, context))
    try check(
      mnist_curl_set_receiver(transfer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        CurlExchange.received(bytes, size * count, context) { $0.receiveBody($1) }
      })
    guard curl_multi_add_handle(multi, transfer) == CURLM_OK else { throw Self.failure("cannot begin a transfer") }
  }

  deinit {
    release()
    errorText.deallocate()
  }

  func next(within time: Duration) -> HTTPEvent? {
    let clock = ContinuousClock()
    let deadline = clock.now + time
    latestReturn = deadline + Self.longestCall
    while events.isEmpty, let transfer, let multi = driver.handle {
      var runningCount: Int32 = 0
      var code = curl_multi_perform(multi, &runningCount)
      if let result = result(of: transfer, in: multi) { finish(end(result)) }
      let left = clock.now.duration(to: deadline) / .milliseconds(1)
      guard events.isEmpty, left > 0 else { break }
      if code == CURLM_OK { code = curl_multi_poll(multi, nil, 0, Int32(min(left.rounded(.up), 60_000)), nil) }
      if code != CURLM_OK {
        finish(.failure(Self.failure(String(cString: curl_multi_strerror(code)))))
      }
    }
    return events.isEmpty ? nil : events.removeFirst()
  }

  /// Returns the result of a transfer; nil while the transfer is running.
  private func result(of transfer: UnsafeMutableRawPointer, in multi: UnsafeMutableRawPointer) -> CURLcode? {
    var result: CURLcode?
    var messageCount: Int32 = 0
    while let message = curl_multi_info_read(multi, &messageCount) {
      if message.pointee.msg == CURLMSG_DONE, message.pointee.easy_handle == transfer {
        result = mnist_curl_result(message)
      }
    }
    return result
  }

  private var mayContinue: Bool {
    if ContinuousClock.now < latestReturn { return true }
    refusal = "received many bytes that do not belong to the file"
    return false
  }

  func cancel() {
    events = []
    release()
  }

  /// Passes bytes from libcurl to an exchange.
  ///
  /// - Returns: the number of accepted bytes, as libcurl requires.
  private static func received(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (CurlExchange, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    return take(exchange, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
  }

  /// Receives one line of the response header, or one line of the trailers after the body.
  ///
  /// - Returns: whether the transfer continues.
  private func receiveHeadLine(_ line: UnsafeRawBufferPointer) -> Bool {
    head.byteCount += line.count
    guard head.byteCount <= Self.maximumHeadByteCount else {
      refusal = "the response header has more than \(Self.maximumHeadByteCount) bytes"
      return false
    }
    guard !head.isComplete else { return true }
    let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if text.hasPrefix("HTTP/") {
      head.fields = [:]
      head.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    } else if let colon = text.firstIndex(of: ":") {
      let name = text[..<colon].lowercased()
      if head.fields[name] == nil { head.fields[name] = String(text[text.index(after: colon)...]) }
    } else if text.isEmpty, let status = head.status, status >= 200 {
      // Skip the headers of interim responses, such as a response with status 103.
      head.isComplete = true
      events.append(.response(HTTPResponse(status: status, fields: head.fields)))
    }
    return true
  }

  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if case .bytes(var data)? = events.last {
      // Remove the event first, so that the data has a single reference and can grow in place.
      events.removeLast()
      data.append(contentsOf: bytes)
      events.append(.bytes(data))
    } else {
      events.append(.bytes(Data(bytes)))
    }
    return true
  }

  private func end(_ code: CURLcode) -> HTTPEvent {
    guard code != CURLE_OK else { return .end }
    if code == CURLE_OUT_OF_MEMORY, refusal == nil { refusal = "a header field is too long" }
    let detail = String(cString: errorText)
    return .failure(
      HTTPFailure(Self.kind(code), refusal ?? (detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)))
  }

  private static func kind(_ code: CURLcode) -> HTTPFailure.Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .unreachable
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      .untrusted
    default: .broken
    }
  }

  private func finish(_ last: HTTPEvent) {
    events.append(last)
    release()
  }

  /// Ends the transfer and returns the driver to the transport. Another exchange may then use the driver and its
  /// connection.
  private func release() {
    guard !isReleased else { return }
    isReleased = true
    if let transfer {
      curl_multi_remove_handle(driver.handle, transfer)
      curl_easy_cleanup(transfer)
    }
    curl_slist_free_all(fieldList)
    transfer = nil
    giveBack(driver)
  }
}
