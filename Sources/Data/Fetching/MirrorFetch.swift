internal import Datasets
internal import DurableFiles
internal import Foundation

/// The download of one file from one mirror. After a failed attempt and a pause, the next attempt resumes the partial
/// download.
struct MirrorFetch {
  let published: PublishedFile
  let source: FetchSource
  let settings: FetchSettings
  let surroundings: FetchSurroundings
  let report: (FetchEvent) -> Void

  /// The result of an attempt that did not complete the file.
  enum Outcome: Equatable {
    /// A failure that may be temporary. The server may ask for a pause before the next attempt.
    case transient(String, requestedPause: Duration? = nil, isUnreachable: Bool = false)
    /// The mirror cannot provide the file.
    case useless(SourceFailure.Kind, String)
  }

  /// The URL of the file, with the password hidden. Messages and the record of the origin contain this URL.
  private var location: String { "\(source)\(published.name)" }

  /// Completes and verifies a partial download.
  ///
  /// - Throws: ``FetchError`` if the user interrupts the fetch, or if a local file cannot be read or written.
  /// - Returns: the reason why this mirror failed; nil if the file is complete.
  func complete(
    _ partial: PartialFile, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> SourceFailure? {
    var failureCount = 0
    // The largest size of the partial download so far. A server that only repeats earlier bytes makes no progress.
    var furthest = partial.byteCount
    while true {
      guard let outcome = try attempt(partial) else { return nil }
      switch outcome {
      case .useless(let kind, let reason):
        return SourceFailure(kind: kind, location: location, reason: reason)
      case .transient(let reason, let requestedPause, let isUnreachable):
        failureCount = partial.byteCount >= furthest + settings.progressByteCount ? 1 : failureCount + 1
        furthest = max(furthest, partial.byteCount)
        if failureCount >= (isUnreachable ? settings.unreachableAttemptCount : settings.attemptCount) {
          let reason = failureCount > 1 ? "\(reason) (\(failureCount) attempts)" : reason
          return SourceFailure(kind: .unavailable, location: location, reason: reason)
        }
        let pause = settings.pause(failureCount: failureCount, requested: requestedPause, using: &generator)
        report(.retry(file: published.name, source: source, reason: reason, pause: pause))
        surroundings.sleep(pause)
        try checkInterruption()
      }
    }
  }

  private func checkInterruption() throws(FetchError) {
    if surroundings.isInterrupted() { throw .interrupted(file: published.name) }
  }

  /// Makes one attempt: sends the request, follows redirects and receives the response.
  ///
  /// - Returns: the reason why the file is not complete; nil if the file is complete.
  private func attempt(_ partial: PartialFile) throws(FetchError) -> Outcome? {
    guard case .mirror(let base) = source, var target = URL(string: base.absoluteString + published.name) else {
      return .useless(.unavailable, "not a web address")
    }
    var fields: [String: String] = [:]
    // Resume a partial download only if its bytes are from this mirror. The server must confirm that the file has not
    // changed.
    let resumes = partial.byteCount > 0 && partial.origin?.url == location
    if resumes, let origin = partial.origin {
      fields = ["Range": "bytes=\(partial.byteCount)-", "If-Range": origin.validator]
    }
    var redirectCount = 0
    while true {
      let exchange = surroundings.transport.begin(target, fields: fields)
      defer { exchange.cancel() }
      var watch = TransferWatch(settings: settings, now: surroundings.now())
      switch try next(exchange, &watch) {
      case .failure(let failure):
        return outcome(failure)
      case .bytes, .end:
        return .transient("a response without a header")
      case .response(let response):
        let next: URL?
        do throws(RedirectRefusal) {
          next = try RedirectPolicy.next(
            after: response, from: target, count: redirectCount, limit: settings.redirectLimit)
        } catch {
          return .useless(.unavailable, error.reason)
        }
        if let next {
          target = next
          redirectCount += 1
          continue
        }
        return try receive(exchange, &watch, response, into: partial, resumes: resumes)
      }
    }
  }

  private func outcome(_ failure: HTTPFailure) -> Outcome {
    switch failure.kind {
    case .unreachable: .transient(failure.reason, isUnreachable: true)
    case .broken: .transient(failure.reason)
    case .untrusted, .slow: .useless(.unavailable, failure.reason)
    }
  }

  /// Waits for the next event. If the response is too slow, the event is a failure.
  private func next(_ exchange: any HTTPExchange, _ watch: inout TransferWatch) throws(FetchError) -> HTTPEvent {
    while true {
      try checkInterruption()
      if let complaint = watch.complaint(now: surroundings.now()) { return .failure(HTTPFailure(.slow, complaint)) }
      if let event = exchange.next(within: .milliseconds(50)) {
        if case .bytes(let data) = event { watch.received(data.count) }
        return event
      }
    }
  }

  /// Receives the body of a response, if the response header is acceptable.
  private func receive(
    _ exchange: any HTTPExchange, _ watch: inout TransferWatch, _ response: HTTPResponse, into partial: PartialFile,
    resumes: Bool
  ) throws(FetchError) -> Outcome? {
    if let outcome = try rethrow(prepare(partial, for: response, resumes: resumes), as: FetchError.file) {
      return outcome
    }
    report(
      .begin(
        file: published.name, source: source, received: partial.byteCount, byteCount: published.byteCount))
    while true {
      switch try next(exchange, &watch) {
      case .response:
        return .transient("a second header in one response")
      case .failure(let failure):
        return partial.isComplete ? nil : outcome(failure)
      case .end:
        return try rethrow(end(partial), as: FetchError.file)
      case .bytes(let data):
        if let outcome = try rethrow(take(data, into: partial), as: FetchError.file) { return outcome }
        // The file is complete. The end of the response may be wrong or may never arrive, so do not wait for the end.
        if partial.byteCount == published.byteCount, partial.isComplete { return nil }
      }
    }
  }

  private func take(_ data: Data, into partial: PartialFile) throws(FileError) -> Outcome? {
    guard data.count <= published.maximumByteCount - partial.byteCount else {
      let content =
        partial.byteCount == 0
        ? published.likelyContent(beginning: Array(data.prefix(512)), byteCount: data.count, sha256: nil)
        : try partial.likelyContent()
      try partial.restart(from: nil)
      return wrong("more than \(published.maximumByteCount) bytes", content)
    }
    let isBeginning = partial.byteCount < published.signature.count
    try partial.append(data)
    if isBeginning, try !partial.hasValidBeginning() {
      // A wrong beginning is enough to identify the content, so do not wait for the rest.
      let content = try partial.likelyContent()
      try partial.restart(from: nil)
      return wrong("not the published file", content)
    }
    report(.progress(file: published.name, received: partial.byteCount, byteCount: published.byteCount))
    return nil
  }

  /// Checks the file at the end of the response. The file may be complete, wrong or cut off.
  private func end(_ partial: PartialFile) throws(FileError) -> Outcome? {
    if partial.isComplete { return nil }
    if let expected = published.byteCount, partial.byteCount < expected {
      if partial.byteCount == 0 { return .transient("an empty response") }
      if let origin = DatasetCatalogue.origin(sha256: partial.checksum.sha256) {
        try partial.restart(from: nil)
        return wrong("not the published file", origin)
      }
      return .transient("the connection ended after \(partial.byteCount) of \(expected) bytes")
    }
    let content = try partial.likelyContent()
    let isFromOneResponse = partial.isFromOneResponse
    let found = partial.checksum.found(for: published.checksum)
    try partial.restart(from: nil)
    // A file from several responses may mix two versions, or the disk may have damaged the file. Start the download
    // again from the beginning.
    guard isFromOneResponse else {
      return .transient("the parts from several responses do not form the published file")
    }
    return wrong(
      "not the published file", content,
      ": \(found.algorithm) expected \(published.checksum.hexadecimal), found \(found.hexadecimal)")
  }

  private func wrong(_ complaint: String, _ content: String?, _ detail: String = "") -> Outcome {
    .useless(.wrongContent, complaint + (content.map { ", but \($0)" } ?? "") + detail)
  }

  /// Prepares a partial download for the body of a response.
  ///
  /// - Parameter resumes: whether the request asked for the rest of the file.
  /// - Returns: the reason why the body must not be read; nil if the body can be read.
  private func prepare(
    _ partial: PartialFile, for response: HTTPResponse, resumes: Bool
  ) throws(FileError) -> Outcome? {
    switch response.status {
    case 200:
      if let outcome = refusal(of: response) { return outcome }
      // The server sends the whole file. If a range was requested, the server does not support ranges or has a new
      // version of the file.
      try partial.restart(from: response.validator.map { PartialFile.Origin(url: location, validator: $0) })
      return nil
    case 206:
      guard resumes, let origin = partial.origin else { return .transient("a part of the file that was not requested") }
      return try prepareToResume(partial, origin, response)
    case 416 where resumes:
      // The partial download is longer than the server's file, or it has the same length but wrong bytes.
      try partial.restart(from: nil)
      return .transient("status 416: the server does not have the requested part of the file")
    case 408, 425, 429, 500...599:
      let pause = response.field("Retry-After").flatMap { RetryAfter.pause($0, now: surroundings.date()) }
      return .transient("status \(response.status)", requestedPause: pause)
    default:
      return .useless(.unavailable, "status \(response.status)")
    }
  }

  private func prepareToResume(
    _ partial: PartialFile, _ origin: PartialFile.Origin, _ response: HTTPResponse
  ) throws(FileError) -> Outcome? {
    let range = response.field("Content-Range").flatMap(ContentRange.init)
    let length = range.map { $0.last - $0.first + 1 }
    let isSame =
      range?.first == partial.byteCount
      && (range?.total == nil || published.byteCount == nil || range?.total == published.byteCount)
      && (response.contentLength ?? length) == length
      && (response.validator == nil || response.validator == origin.validator)
      && partial.byteCount + (length ?? 0) <= published.maximumByteCount
    guard isSame, !isEncoded(response) else {
      try partial.restart(from: nil)
      return .transient("the response is not the requested part of the file")
    }
    partial.resume()
    return nil
  }

  /// Returns the reason why the body of a response with the whole file must not be read; nil if the body can be read.
  private func refusal(of response: HTTPResponse) -> Outcome? {
    if isEncoded(response) {
      let encoding = response.field("Content-Encoding") ?? ""
      return .useless(.wrongContent, "the server changes the encoding of the file (Content-Encoding: \(encoding))")
    }
    guard let length = response.contentLength else { return nil }
    if let expected = published.byteCount, length == expected { return nil }
    if published.byteCount == nil, length > 0, length <= published.maximumByteCount { return nil }
    let expected = published.byteCount.map { "\($0)" } ?? "1 to \(published.maximumByteCount)"
    return wrong(
      "not the published file", likelyContent(response, length),
      ": Content-Length expected \(expected), found \(length)")
  }

  /// Returns a guess about the content of a wrong file, based on the response header; nil if there is no guess.
  private func likelyContent(_ response: HTTPResponse, _ length: Int) -> String? {
    if length == 0 { return "an empty file" }
    if let origin = DatasetCatalogue.origin(byteCount: length) { return "as long as \(origin)" }
    if let type = response.field("Content-Type")?.lowercased(), type.hasPrefix("text/html") { return "an HTML page" }
    if let expected = published.byteCount, length < expected { return "a file of \(length) of \(expected) bytes" }
    return nil
  }

  private func isEncoded(_ response: HTTPResponse) -> Bool {
    guard let encoding = response.field("Content-Encoding")?.lowercased() else { return false }
    return !encoding.isEmpty && encoding != "identity"
  }
}
