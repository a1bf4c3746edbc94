internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One data task, whose events wait here until they are taken.
///
/// A task cannot be held up: on Linux a suspended one goes on, and starts again when it is resumed. So where more waits
/// than is good for the memory, the task is ended; the rest can be asked for again, from where it broke off.
final class URLSessionExchange: HTTPExchange, @unchecked Sendable {
  /// The most bytes that wait to be taken.
  static let maximumPendingByteCount = 64 << 20

  private let condition = NSCondition()
  // All below is used with the condition locked.
  private var events: [HTTPEvent] = []
  private var taken = 0
  private var pendingByteCount = 0
  /// The answer's head, until its body or its end comes: a proxy's consent to a tunnel looks like an answer too.
  private var head: HTTPResponse?
  private var isOver = false
  private var isCancelled = false
  private var isRedirected = false
  private let task: URLSessionDataTask

  init(_ task: URLSessionDataTask) {
    self.task = task
  }

  func next(within time: Duration) -> HTTPEvent? {
    condition.lock()
    defer { condition.unlock() }
    let deadline = Date(timeIntervalSinceNow: time / .seconds(1))
    while taken == events.count {
      guard condition.wait(until: deadline) else { break }
    }
    guard taken < events.count else { return nil }
    let event = events[taken]
    // What has been given out must not stay in memory until the others are.
    events[taken] = .bytes(Data())
    taken += 1
    if taken == events.count {
      events.removeAll(keepingCapacity: true)
      taken = 0
    }
    if case .bytes(let data) = event { pendingByteCount -= data.count }
    return event
  }

  func cancel() {
    let cancels = condition.withLock {
      defer { isOver = true }
      events = []
      taken = 0
      let cancels = !isOver && !isRedirected
      isCancelled = isCancelled || cancels
      return cancels
    }
    if cancels { task.cancel() }
  }

  /// Whether the session may be told not to follow a redirect. On Linux it ends the program where it is told so about a
  /// task that has been cancelled; from here on this one is not. Its transfer has ended anyway.
  func mayAnswerRedirect() -> Bool {
    condition.withLock {
      isRedirected = !isCancelled
      return isRedirected
    }
  }

  private func add(_ event: HTTPEvent, isLast: Bool = false) {
    let isTooMuch = condition.withLock {
      guard !isOver else { return false }
      if let head {
        events.append(.response(head))
        self.head = nil
      }
      events.append(event)
      if case .bytes(let data) = event { pendingByteCount += data.count }
      let isTooMuch = pendingByteCount > Self.maximumPendingByteCount && !isLast
      if isTooMuch {
        events.append(.failure(HTTPFailure(.overrun, "the bytes came faster than they could be stored")))
        isCancelled = !isRedirected
      }
      if isLast || isTooMuch { isOver = true }
      condition.broadcast()
      return isTooMuch && isCancelled
    }
    if isTooMuch { task.cancel() }
  }

  /// The answer's head has come.
  func receive(_ response: HTTPResponse) {
    condition.withLock { head = response }
  }

  /// A piece of the body has come.
  func receive(_ data: Data) {
    add(.bytes(data))
  }

  /// All has come, or no more will.
  func complete(_ error: (any Error)?) {
    if let error {
      // A head alone, then an error: what the error says is what happened.
      condition.withLock { head = nil }
      add(.failure(HTTPFailure(urlError: error as NSError)), isLast: true)
    } else {
      add(.end, isLast: true)
    }
  }
}

extension HTTPFailure {
  /// The failure that the system's error amounts to.
  init(urlError error: NSError) {
    let reason = error.localizedDescription.trimmingCharacters(in: .whitespacesAndNewlines)
    let kind: Kind
    switch error.code {
    case NSURLErrorSecureConnectionFailed, NSURLErrorServerCertificateHasBadDate,
      NSURLErrorServerCertificateUntrusted, NSURLErrorServerCertificateHasUnknownRoot,
      NSURLErrorServerCertificateNotYetValid, NSURLErrorClientCertificateRejected:
      kind = .untrusted
    case NSURLErrorCannotFindHost, NSURLErrorDNSLookupFailed, NSURLErrorNotConnectedToInternet:
      kind = .unreachable
    // On Linux a refusal, and also what is no HTTP.
    case NSURLErrorCannotConnectToHost:
      kind = reason.contains("HTTP/0.9") ? .broken : .unreachable
    // On Linux curl's words are all there is.
    default:
      kind = reason.contains("SSL certificate") || reason.contains("SSL: no alternative") ? .untrusted : .broken
    }
    self.init(kind, reason)
  }
}
