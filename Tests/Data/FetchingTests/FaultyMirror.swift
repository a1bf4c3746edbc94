import RandomSources
import Synchronization

/// A fault in a mirror's response to one request.
enum Fault: Equatable, Sendable {
  case status(Int, retryAfter: String? = nil)
  /// An HTML page with status 200, with or without Content-Length.
  case html(saysLength: Bool)
  /// A file that is three bytes too long, with its true length.
  case otherFile
  /// A file of the right length with different bytes.
  case otherBytes
  case flippedBit(at: Int)
  /// A correct response header and the beginning of the body. The connection then closes.
  case cut(at: Int)
  /// A response without a length. The connection closes early, so the incomplete body looks complete.
  case cutWithoutLength(at: Int)
  /// The whole file instead of the requested range.
  case ignoredRange
  /// A range that begins at byte 0 instead of the requested byte.
  case wrongRange
  /// A range of a newer version of the file, with a new entity tag.
  case changedRange
  /// A range of a different file, with the old entity tag.
  case lyingRange
  /// A range that begins ten bytes before the requested range.
  case shiftedRange
  /// The file in chunks, followed by a trailer. Trailers are valid, but some clients cannot handle them.
  case trailer
  /// Many short header fields, or many cookies.
  case headerFlood(lineCount: Int, isCookies: Bool)
  /// A header field of 200,000 bytes.
  case longField
  /// A response header whose lines arrive slowly.
  case slowHead
  case lengthTooShort
  case lengthTooLong
  case stall(at: Int)
  case redirectLoop
  case trickle
  case noHTTP
  case closed
  case empty
  case contentEncoding

  /// Returns a random fault.
  static func random(using source: inout SplittableRandomSource) -> Fault {
    let place = Int.random(in: 0...1400, using: &source)
    // Faults that end in a time-out are slow, so they are chosen much less often.
    if Int.random(in: 0..<200, using: &source) == 0 { return Bool.random(using: &source) ? .trickle : .slowHead }
    if Int.random(in: 0..<100, using: &source) == 0 { return .stall(at: place) }
    let all: [Fault] = [
      .status(403), .status(404), .status(500), .status(503, retryAfter: "1"), .html(saysLength: true),
      .html(saysLength: false), .otherFile, .otherBytes, .flippedBit(at: place), .cut(at: place), .cut(at: place / 8),
      .cutWithoutLength(at: place), .ignoredRange, .wrongRange, .changedRange, .lyingRange, .shiftedRange,
      .trailer, .headerFlood(lineCount: 20_000, isCookies: false), .headerFlood(lineCount: 10_000, isCookies: true),
      .longField, .lengthTooShort, .lengthTooLong,
      .redirectLoop, .noHTTP, .closed, .empty, .contentEncoding,
    ]
    return all.randomElement(using: &source) ?? .closed
  }
}

/// A mirror that shows its faults one after the other, and then serves its files correctly.
final class FaultyMirror: Sendable {
  let files: [String: [UInt8]]
  let knowsRanges: Bool
  /// Whether responses have an entity tag, which identifies the version of the file.
  let saysValidator: Bool
  private let faults: Mutex<[Fault]>
  private let repeatsLast: Bool

  init(
    _ files: [String: [UInt8]], faults: [Fault] = [], repeatsLast: Bool = false, knowsRanges: Bool = true,
    saysValidator: Bool = true
  ) {
    self.files = files
    self.faults = Mutex(faults)
    self.repeatsLast = repeatsLast
    self.knowsRanges = knowsRanges
    self.saysValidator = saysValidator
  }

  func respond(_ request: FaultServer.Request) -> [FaultServer.Step] {
    let fault: Fault? = faults.withLock { faults in
      guard let first = faults.first else { return nil }
      if faults.count > 1 || !repeatsLast { faults.removeFirst() }
      return first
    }
    let name = String(request.path.split(separator: "/").last ?? "")
    guard let file = files[name] else { return Self.answer(404, [], []) }
    guard let fault else { return serve(file, request) }
    return commit(fault, file, request)
  }

  /// Returns the first offset of the requested range; nil if the whole file must be sent.
  private func start(_ request: FaultServer.Request, _ file: [UInt8]) -> Int? {
    guard knowsRanges, let range = request.fields["range"], request.fields["if-range"] == "\"v1\"" else { return nil }
    return Int(range.dropFirst("bytes=".count).dropLast())
  }

  private func serve(_ file: [UInt8], _ request: FaultServer.Request, upTo limit: Int? = nil) -> [FaultServer.Step] {
    let head = saysValidator ? ["ETag: \"v1\""] : []
    var steps: [FaultServer.Step]
    if let start = start(request, file) {
      guard start < file.count else { return Self.answer(416, ["Content-Range: bytes */\(file.count)"], []) }
      steps = Self.part(file, from: start, head, upTo: limit)
    } else {
      steps = Self.answer(200, head, file, upTo: limit)
    }
    if limit != nil { steps.append(.close) }
    return steps
  }

  private func commit(_ fault: Fault, _ file: [UInt8], _ request: FaultServer.Request) -> [FaultServer.Step] {
    let tag = ["ETag: \"v1\""]
    let page = Array("<!DOCTYPE html><html><body>Service temporarily unavailable</body></html>".utf8)
    var changed = file
    for index in changed.indices { changed[index] ^= 0x55 }
    switch fault {
    case .status(let status, let retryAfter):
      return Self.answer(status, retryAfter.map { ["Retry-After: \($0)"] } ?? [], page)
    case .html(let saysLength):
      if saysLength { return Self.answer(200, ["Content-Type: text/html"], page) }
      return [.send(Self.head(200, ["Content-Type: text/html", "Connection: close"]) + page), .close]
    case .otherFile:
      return Self.answer(200, tag, file + [1, 2, 3])
    case .otherBytes:
      return Self.answer(200, tag, changed)
    case .flippedBit(let place):
      var flipped = file
      flipped[place % file.count] ^= 1 << UInt8(place % 8)
      return Self.answer(200, tag, flipped)
    case .cut(let place):
      return serve(file, request, upTo: place % file.count)
    case .cutWithoutLength(let place):
      return [.send(Self.head(200, tag + ["Connection: close"]) + file.prefix(place % file.count)), .close]
    case .ignoredRange:
      return Self.answer(200, tag, file)
    case .wrongRange:
      return Self.part(file, from: 0, tag)
    case .changedRange:
      guard let start = start(request, file), start < file.count else { return serve(file, request) }
      return Self.part(changed, from: start, ["ETag: \"v2\""])
    case .lyingRange:
      guard let start = start(request, file), start < file.count else { return serve(file, request) }
      return Self.part(changed, from: start, tag)
    case .shiftedRange:
      guard let start = start(request, file), start >= 10 else { return serve(file, request) }
      return Self.part(file, from: start - 10, tag)
    case .trailer:
      let half = file.count / 2
      let chunks = [file[..<half], file[half...]].map { chunk in
        Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
      }
      let end = Array("0\r\nX-Checksum: none\r\nX-Signature: none\r\n\r\n".utf8)
      let head = Self.head(200, tag + ["Transfer-Encoding: chunked", "Trailer: X-Checksum, X-Signature"])
      return [.send(head + chunks[0]), .send(chunks[1] + end)]
    case .headerFlood(let lineCount, let isCookies):
      let line = isCookies ? "Set-Cookie: a=b; Path=/" : "a:b"
      let lines = Array(repeating: line, count: 1000)
      return [.send(Array("HTTP/1.1 200 Whatever\r\n".utf8))]
        + Array(
          repeating: .send(Array((lines.joined(separator: "\r\n") + "\r\n").utf8)), count: max(1, lineCount / 1000))
        + [.send(Array("Content-Length: \(file.count)\r\n\r\n".utf8) + file)]
    case .longField:
      return Self.answer(200, ["X-Long: " + String(repeating: "x", count: 200_000)], file)
    case .slowHead:
      return [.send(Array("HTTP/1.1 200 Whatever\r\n".utf8))]
        + (0..<1000).flatMap { [FaultServer.Step.pause(.milliseconds(20)), .send(Array("a\($0):b\r\n".utf8))] }
    case .lengthTooShort:
      return [.send(Self.head(200, tag + ["Content-Length: \(file.count - 1)"]) + file), .close]
    case .lengthTooLong:
      return [.send(Self.head(200, tag + ["Content-Length: \(file.count + 1)"]) + file), .close]
    case .stall(let place):
      return Array(serve(file, request, upTo: place % file.count).dropLast()) + [.stall]
    case .redirectLoop:
      return Self.answer(302, ["Location: /\(request.path)"], [])
    case .trickle:
      return [.send(Self.head(200, tag + ["Content-Length: \(file.count)"]))]
        + file.flatMap { [FaultServer.Step.pause(.milliseconds(20)), .send([$0])] }
    case .noHTTP:
      return [.send(Array("\u{1}\u{2} nothing of the kind\r\n\r\n".utf8)), .close]
    case .closed:
      return [.close]
    case .empty:
      return Self.answer(200, [], [])
    case .contentEncoding:
      return Self.answer(200, ["Content-Encoding: gzip"], file)
    }
  }

  static func head(_ status: Int, _ fields: [String]) -> [UInt8] {
    Array((["HTTP/1.1 \(status) Whatever"] + fields + ["", ""]).joined(separator: "\r\n").utf8)
  }

  private static func answer(
    _ status: Int, _ fields: [String], _ body: [UInt8], upTo limit: Int? = nil
  ) -> [FaultServer.Step] {
    [.send(head(status, fields + ["Content-Length: \(body.count)"]) + body.prefix(limit ?? body.count))]
  }

  private static func part(
    _ file: [UInt8], from start: Int, _ fields: [String], upTo limit: Int? = nil
  ) -> [FaultServer.Step] {
    let body = file[start...]
    return [
      .send(
        head(
          206,
          fields + ["Content-Range: bytes \(start)-\(file.count - 1)/\(file.count)", "Content-Length: \(body.count)"])
          + body.prefix(limit ?? body.count))
    ]
  }
}
