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
    /// Another attempt at once: nothing is wrong with the server.
    case again
    /// This mirror is of no use.
    case useless(SourceFailure.Kind, String)
  }

  private var url: String { source.location(of: published.name) }

  /// Brings a file to its end, which is then the published one.
  ///
  /// - Throws: ``FetchError`` for what no other mirror can mend.
  /// - Returns: why this mirror was of no use; nil where all went well.
  func complete(
    _ partial: PartialFile, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> SourceFailure? {
    var failureCount = 0
    var repetitionCount = 0
    while true {
      let before = partial.byteCount
      let outcome = try attempt(partial)
      guard let outcome else { return nil }
      let gained = partial.byteCount - before
      switch outcome {
      case .again:
        repetitionCount += 1
        // Each gives something up that was there, or brings much; a server could still make it go on for ever.
        if repetitionCount > 100 { return failure(.unavailable, "it begins the file over and over") }
      case .useless(let kind, let reason):
        return failure(kind, reason)
      case .transient(let reason, let requestedPause, let isUnreachable):
        failureCount = gained >= settings.progressByteCount ? 1 : failureCount + 1
        if failureCount >= (isUnreachable ? settings.unreachableAttemptCount : settings.attemptCount) {
          return failure(.unavailable, failureCount > 1 ? "\(reason) (\(failureCount) attempts)" : reason)
        }
        let pause = settings.pause(failureCount: failureCount, requested: requestedPause, using: &generator)
        report(.retry(file: published.name, source: source, reason: reason, pause: pause))
        surroundings.sleep(pause)
        try checkInterruption()
      }
    }
  }

  private func failure(_ kind: SourceFailure.Kind, _ reason: String) -> SourceFailure {
    SourceFailure(kind, location: url, reason: reason)
  }

  private func checkInterruption() throws(FetchError) {
    if surroundings.isInterrupted() { throw .interrupted(file: published.name) }
  }

  /// One request, its redirects and its answer. Nil where the file is complete.
  private func attempt(_ partial: PartialFile) throws(FetchError) -> Outcome? {
    guard var target = URL(string: url) else { return .useless(.unavailable, "no web address") }
    var fields: [String: String] = [:]
    // What is there already is gone on with only if it came from here and can be told to be the same still.
    let resumes = partial.byteCount > 0 && partial.origin?.url == url
    if resumes, let origin = partial.origin {
      fields = ["Range": "bytes=\(partial.byteCount)-", "If-Range": origin.validator]
    }
    var redirectCount = 0
    while true {
      let exchange = surroundings.transport.begin(HTTPRequest(url: target, fields: fields))
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
    case .untrusted: .useless(.unavailable, failure.reason)
    case .overrun: .again
    }
  }

  /// The next event; a time that ran out is a failure.
  private func next(_ exchange: any HTTPExchange, _ watch: inout TransferWatch) throws(FetchError) -> HTTPEvent {
    while true {
      try checkInterruption()
      if let event = exchange.next(within: .milliseconds(50)) {
        if case .bytes(let data) = event { watch.received(data.count, now: surroundings.now()) }
        // Bytes that trickle in are events too.
        if let complaint = watch.complaint(now: surroundings.now()), case .bytes = event {
          return .failure(HTTPFailure(.broken, complaint))
        }
        return event
      }
      if let complaint = watch.complaint(now: surroundings.now()) { return .failure(HTTPFailure(.broken, complaint)) }
    }
  }

  /// The answer's body, if its head is one that can be gone on with.
  private func receive(
    _ exchange: any HTTPExchange, _ watch: inout TransferWatch, _ response: HTTPResponse, into partial: PartialFile,
    resumes: Bool
  ) throws(FetchError) -> Outcome? {
    do throws(FileError) {
      if let outcome = try AnswerCheck(published, url: url, now: surroundings.date())
        .prepare(partial, for: response, resumes: resumes)
      {
        return outcome
      }
    } catch {
      throw .file(error)
    }
    report(
      .begin(
        file: published.name, source: source, received: partial.byteCount, byteCount: published.byteCount))
    while true {
      switch try next(exchange, &watch) {
      case .response:
        return .transient("a second head in one answer")
      case .failure(let failure):
        return outcome(failure)
      case .end:
        return try end(partial)
      case .bytes(let data):
        if let outcome = try take(data, into: partial) { return outcome }
      }
    }
  }

  private func take(_ data: Data, into partial: PartialFile) throws(FetchError) -> Outcome? {
    do throws(FileError) {
      guard data.count <= published.maximumByteCount - partial.byteCount else {
        let content = try partial.likelyContent()
        try partial.restart(from: nil)
        return .useless(.wrongContent, Self.wrong("more than \(published.maximumByteCount) bytes", content))
      }
      let isBeginning = partial.byteCount < published.signature.count
      try partial.append(data)
      if isBeginning, try !partial.beginsRight() {
        // The content may be told by its beginning; what it is as a whole is not worth the wait.
        let content = try partial.likelyContent()
        try partial.restart(from: nil)
        return .useless(.wrongContent, Self.wrong("not the published file", content))
      }
    } catch {
      throw .file(error)
    }
    report(.progress(file: published.name, received: partial.byteCount, byteCount: published.byteCount))
    return nil
  }

  /// The body's end: the file is right, or wrong, or cut.
  private func end(_ partial: PartialFile) throws(FetchError) -> Outcome? {
    if partial.isRight { return nil }
    do throws(FileError) {
      if let expected = published.byteCount, partial.byteCount < expected {
        if partial.byteCount == 0 { return .transient("an empty answer") }
        if let origin = DatasetCatalogue.origin(sha256: partial.checksum.sha256) {
          try partial.restart(from: nil)
          return .useless(.wrongContent, Self.wrong("not the published file", origin))
        }
        return .transient("the connection ended at \(partial.byteCount) of \(expected) bytes")
      }
      let content = try partial.likelyContent()
      let isOfOnePiece = partial.isOfOnePiece
      let found = partial.checksum.found(for: published.checksum)
      try partial.restart(from: nil)
      // Pieces of several attempts may be pieces of several files, or the disk's fault: once more, from the beginning.
      guard isOfOnePiece else { return .again }
      return .useless(
        .wrongContent,
        Self.wrong("not the published file", content)
          + ": \(found.algorithm) expected \(published.checksum.hexadecimal), found \(found.hexadecimal)")
    } catch {
      throw .file(error)
    }
  }

  static func wrong(_ complaint: String, _ content: String?) -> String {
    complaint + (content.map { ", but \($0)" } ?? "")
  }
}
