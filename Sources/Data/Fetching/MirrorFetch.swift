internal import Datasets
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

  var url: String { source.location(of: published.name) }
  /// The URL as messages and records have it.
  var urlWithoutPassword: String {
    URL(string: url).map { FetchSource.withoutPassword($0).absoluteString } ?? url
  }

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
        return failure(kind, reason)
      case .transient(let reason, let requestedPause, let isUnreachable):
        failureCount = partial.byteCount >= furthest + settings.progressByteCount ? 1 : failureCount + 1
        furthest = max(furthest, partial.byteCount)
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
    SourceFailure(kind, location: urlWithoutPassword, reason: reason)
  }

  private func checkInterruption() throws(FetchError) {
    if surroundings.isInterrupted() { throw .interrupted(file: published.name) }
  }

  /// One request, its redirects and its answer. Nil where the file is complete.
  private func attempt(_ partial: PartialFile) throws(FetchError) -> Outcome? {
    guard var target = URL(string: url) else { return .useless(.unavailable, "no web address") }
    var fields: [String: String] = [:]
    // What is there already is gone on with only if it came from here and can be told to be the same still.
    let resumes = partial.byteCount > 0 && partial.origin?.url == urlWithoutPassword
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

  func outcome(_ failure: HTTPFailure) -> Outcome {
    switch failure.kind {
    case .unreachable: .transient(failure.reason, isUnreachable: true)
    case .broken: .transient(failure.reason)
    case .untrusted, .slow: .useless(.unavailable, failure.reason)
    }
  }

  /// Waits for the next event. An answer that is too slow is a failure.
  func next(_ exchange: any HTTPExchange, _ watch: inout TransferWatch) throws(FetchError) -> HTTPEvent {
    while true {
      try checkInterruption()
      if let complaint = watch.complaint(now: surroundings.now()) { return .failure(HTTPFailure(.slow, complaint)) }
      if let event = exchange.next(within: .milliseconds(50)) {
        if case .bytes(let data) = event { watch.received(data.count) }
        return event
      }
    }
  }
}
