internal import Datasets
internal import DurableFiles
internal import Foundation

/// One file from one mirror: attempts, pauses, and going on where the last attempt broke off.
struct MirrorFetch {
  let published: PublishedFile
  let source: FetchSource
  let settings: FetchSettings
  let surroundings: FetchSurroundings
  let report: (FetchEvent) -> Void

  /// How an attempt ended that did not bring the whole file.
  enum Outcome: Equatable {
    /// Another attempt may do better, after the pause that the server asks for.
    case transient(String, requestedPause: Duration? = nil, isUnreachable: Bool = false)
    /// This mirror is of no use.
    case useless(SourceFailure.Kind, String)
  }

  /// The URL as messages and records have it, without a password.
  private var location: String { "\(source)\(published.name)" }

  /// Brings a file to its end, which is then the published one.
  ///
  /// - Throws: ``FetchError`` for what no other mirror can mend.
  /// - Returns: why this mirror was of no use; nil where all went well.
  func complete(
    _ partial: PartialFile, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> SourceFailure? {
    var failureCount = 0
    // The most bytes that any attempt reached. A server that sends the same ones again and again makes no progress.
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

  /// One request, its redirects and its answer. Nil where the file is complete.
  private func attempt(_ partial: PartialFile) throws(FetchError) -> Outcome? {
    guard case .mirror(let base) = source, var target = URL(string: base.absoluteString + published.name) else {
      return .useless(.unavailable, "no web address")
    }
    var fields: [String: String] = [:]
    // What is there already is gone on with only if it came from here and can be told to be the same still.
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
        return .transient("an answer without a head")
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

  /// Waits for the next event. An answer that is too slow is a failure.
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

  /// The answer's body, if its head is one that can be gone on with.
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
        return .transient("a second head in one answer")
      case .failure(let failure):
        return partial.isRight ? nil : outcome(failure)
      case .end:
        return try rethrow(end(partial), as: FetchError.file)
      case .bytes(let data):
        if let outcome = try rethrow(take(data, into: partial), as: FetchError.file) { return outcome }
        // The end of the answer may be wrong, or never come.
        if partial.byteCount == published.byteCount, partial.isRight { return nil }
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
    if isBeginning, try !partial.beginsRight() {
      // The content may be told by its beginning; what it is as a whole is not worth the wait.
      let content = try partial.likelyContent()
      try partial.restart(from: nil)
      return wrong("not the published file", content)
    }
    report(.progress(file: published.name, received: partial.byteCount, byteCount: published.byteCount))
    return nil
  }

  /// The body's end: the file is right, or wrong, or cut.
  private func end(_ partial: PartialFile) throws(FileError) -> Outcome? {
    if partial.isRight { return nil }
    if let expected = published.byteCount, partial.byteCount < expected {
      if partial.byteCount == 0 { return .transient("an empty answer") }
      if let origin = DatasetCatalogue.origin(sha256: partial.checksum.sha256) {
        try partial.restart(from: nil)
        return wrong("not the published file", origin)
      }
      return .transient("the connection ended at \(partial.byteCount) of \(expected) bytes")
    }
    let content = try partial.likelyContent()
    let isOfOnePiece = partial.isOfOnePiece
    let found = partial.checksum.found(for: published.checksum)
    try partial.restart(from: nil)
    // Pieces of several attempts may be pieces of several files, or the disk's fault: once more, from the beginning.
    guard isOfOnePiece else { return .transient("the parts of several answers do not make up the published file") }
    return wrong(
      "not the published file", content,
      ": \(found.algorithm) expected \(published.checksum.hexadecimal), found \(found.hexadecimal)")
  }

  private func wrong(_ complaint: String, _ content: String?, _ detail: String = "") -> Outcome {
    .useless(.wrongContent, complaint + (content.map { ", but \($0)" } ?? "") + detail)
  }

  // What an answer's head says of its body, held against what is known of the file.

  /// Makes a partial file ready for an answer's body.
  ///
  /// - Parameter resumes: whether the rest of the file was asked for.
  /// - Returns: why the body is not to be read; nil where it is.
  private func prepare(
    _ partial: PartialFile, for response: HTTPResponse, resumes: Bool
  ) throws(FileError) -> Outcome? {
    switch response.status {
    case 200:
      if let outcome = refusal(of: response) { return outcome }
      // Also where a range was asked for: the server does not know ranges, or has another file now.
      try partial.restart(from: response.validator.map { PartialFile.Origin(url: location, validator: $0) })
      return nil
    case 206:
      guard resumes, let origin = partial.origin else { return .transient("a part of the file, not asked for") }
      return try prepareToResume(partial, origin, response)
    case 416 where resumes:
      // What is there is longer than the server's file, or all of it and wrong.
      try partial.restart(from: nil)
      return .transient("status 416: the server's file has no such part")
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
      // The file is begun anew.
      try partial.restart(from: nil)
      return .transient("the answer is not the part of the file that was asked for")
    }
    partial.resume()
    return nil
  }

  /// Why a whole file is not to be read.
  private func refusal(of response: HTTPResponse) -> Outcome? {
    if isEncoded(response) {
      let encoding = response.field("Content-Encoding") ?? ""
      return .useless(.wrongContent, "the server unpacks the file on the way (Content-Encoding: \(encoding))")
    }
    guard let length = response.contentLength else { return nil }
    if let expected = published.byteCount, length == expected { return nil }
    if published.byteCount == nil, length > 0, length <= published.maximumByteCount { return nil }
    let expected = published.byteCount.map { "\($0)" } ?? "1 to \(published.maximumByteCount)"
    return wrong(
      "not the published file", likelyContent(response, length),
      ": Content-Length expected \(expected), found \(length)")
  }

  /// Told by the head alone.
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
