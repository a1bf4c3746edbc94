internal import Datasets
internal import DurableFiles
internal import Foundation

/// What an answer's head says of its body, held against what is known of the file.
struct AnswerCheck {
  private let published: PublishedFile
  private let url: String
  private let now: Date

  init(_ published: PublishedFile, url: String, now: Date) {
    self.published = published
    self.url = url
    self.now = now
  }

  /// Makes a partial file ready for an answer's body.
  ///
  /// - Parameter resumes: whether the rest of the file was asked for.
  /// - Returns: why the body is not to be read; nil where it is.
  func prepare(
    _ partial: PartialFile, for response: HTTPResponse, resumes: Bool
  ) throws(FileError) -> MirrorFetch.Outcome? {
    switch response.status {
    case 200:
      if let outcome = refusal(of: response, expectedLength: published.byteCount) { return outcome }
      // Also where a range was asked for: the server does not know ranges, or has another file now.
      try partial.restart(from: response.validator.map { PartialFile.Origin(url: url, validator: $0) })
      return nil
    case 206:
      guard resumes, let origin = partial.origin else { return .transient("a part of the file, not asked for") }
      return try prepareToResume(partial, origin, response)
    case 416 where resumes:
      // What is there is longer than the server's file, or all of it and wrong.
      try partial.restart(from: nil)
      return .transient("status 416: the server's file has no such part")
    case 408, 425, 429, 500...599:
      let pause = response.field("Retry-After").flatMap { RetryAfter.pause($0, now: now) }
      return .transient("status \(response.status)", requestedPause: pause)
    default:
      return .useless(.unavailable, "status \(response.status)")
    }
  }

  private func prepareToResume(
    _ partial: PartialFile, _ origin: PartialFile.Origin, _ response: HTTPResponse
  ) throws(FileError) -> MirrorFetch.Outcome? {
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
  private func refusal(of response: HTTPResponse, expectedLength: Int?) -> MirrorFetch.Outcome? {
    if isEncoded(response) {
      return .useless(
        .wrongContent,
        "the server unpacks the file on the way (Content-Encoding: "
          + "\(response.field("Content-Encoding") ?? ""))")
    }
    guard let length = response.contentLength else { return nil }
    if let expectedLength, length == expectedLength { return nil }
    if expectedLength == nil, length > 0, length <= published.maximumByteCount { return nil }
    let expected = expectedLength.map { "\($0)" } ?? "1 to \(published.maximumByteCount)"
    return .useless(
      .wrongContent,
      MirrorFetch.wrong("not the published file", likelyContent(response, length))
        + ": Content-Length expected \(expected), found \(length)")
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
