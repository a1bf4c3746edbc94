internal import Datasets
internal import DurableFiles
internal import Foundation

extension MirrorFetch {
  /// The answer's body, if its head is one that can be gone on with.
  func receive(
    _ exchange: any HTTPExchange, _ watch: inout TransferWatch, _ response: HTTPResponse, into partial: PartialFile,
    resumes: Bool
  ) throws(FetchError) -> Outcome? {
    do throws(FileError) {
      if let outcome = try AnswerCheck(published, url: urlWithoutPassword, now: surroundings.date())
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
        return partial.isRight ? nil : outcome(failure)
      case .end:
        return try end(partial)
      case .bytes(let data):
        if let outcome = try take(data, into: partial) { return outcome }
        // The end of the answer may be wrong, or never come.
        if partial.byteCount == published.byteCount, partial.isRight { return nil }
      }
    }
  }

  private func take(_ data: Data, into partial: PartialFile) throws(FetchError) -> Outcome? {
    do throws(FileError) {
      guard data.count <= published.maximumByteCount - partial.byteCount else {
        let content =
          partial.byteCount == 0
          ? LikelyContent.name(
            beginning: Array(data.prefix(512)), byteCount: data.count, sha256: nil, insteadOf: published)
          : try partial.likelyContent()
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
      guard isOfOnePiece else { return .transient("the parts of several answers do not make up the published file") }
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
