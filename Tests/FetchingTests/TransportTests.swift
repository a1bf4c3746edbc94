import Fetching
import Foundation
import Synchronization
import TestFixtures
import Testing

@Suite(.serialized) struct TransportTests {
  /// All events of an exchange, with bytes as their count.
  private static func events(_ exchange: any HTTPExchange) -> [String] {
    var (events, byteCount) = ([String](), 0)
    while let event = exchange.next(within: .seconds(20)) {
      switch event {
      case .response(let response): events.append("\(response.status)")
      case .bytes(let data): byteCount += data.count
      case .end: return events + ["\(byteCount)", "end"]
      case .failure(let failure): return events + ["\(byteCount)", "\(failure.kind)"]
      }
    }
    return events + ["nothing"]
  }

  private static func request(_ url: String) throws -> HTTPRequest { HTTPRequest(url: try #require(URL(string: url))) }

  @Test("an answer comes as head, bytes and end; a redirect is an answer like any other")
  func answers() throws {
    let server = try FaultServer { request in
      if request.path == "moved" {
        return [.send(FaultyMirror.head(302, ["Location: /there", "Content-Length: 3"]) + [1, 2, 3])]
      }
      return [
        .send(FaultyMirror.head(200, ["Content-Length: 5"]) + [1, 2]), .pause(.milliseconds(20)), .send([3, 4, 5]),
      ]
    }
    let transport = URLSessionTransport(userAgent: "test/1")
    for _ in 0..<20 {
      #expect(Self.events(transport.begin(try Self.request(server.url("there")))) == ["200", "5", "end"])
      #expect(Self.events(transport.begin(try Self.request(server.url("moved")))) == ["302", "3", "end"])
    }
    #expect(server.requests.count == 40)
    #expect(server.requests[0].fields["accept-encoding"] == "identity")
    #expect(server.requests[0].fields["user-agent"] == "test/1")
  }

  @Test("bytes that nobody takes do not heap up in memory: the exchange ends, and what came is given out")
  func overrun() throws {
    let piece = [UInt8](repeating: 1, count: 4 << 20)
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(200, ["Content-Length: \(40 * piece.count)"]))]
        + Array(repeating: FaultServer.Step.send(piece), count: 40)
    }
    let transport = URLSessionTransport(userAgent: "test")
    let exchange = transport.begin(try Self.request(server.url()))
    // Until the server has found nobody to send to for a while, however busy the machine is.
    var (sent, standing, waited) = (0, 0, 0)
    while standing < 200, waited < 6000 {
      usleep(10_000)
      waited += 1
      standing = server.sentByteCount == sent && sent > 64 << 20 ? standing + 1 : 0
      sent = server.sentByteCount
    }
    let events = Self.events(exchange)
    #expect(events.first == "200" && events.last == "overrun", "\(events)")
    let byteCount = try #require(Int(events[1]))
    #expect(byteCount > 64 << 20 && byteCount < 66 << 20)
  }

  @Test("an exchange that is cancelled at any moment, redirects among them, does no harm")
  func cancelled() throws {
    let server = try FaultServer { request in
      [
        .send(
          FaultyMirror.head(request.path == "moved" ? 302 : 200, ["Location: /there", "Content-Length: 2"]) + [1, 2])
      ]
    }
    let transport = URLSessionTransport(userAgent: "test")
    for number in 0..<3000 {
      let exchange = transport.begin(try Self.request(server.url(number % 2 == 0 ? "moved" : "there")))
      usleep(UInt32(number % 1000))
      exchange.cancel()
      if exchange.next(within: .zero) != nil { Issue.record("an event after the end") }
    }
    #expect(Self.events(transport.begin(try Self.request(server.url("there")))) == ["200", "2", "end"])
  }

  /// A transport that gives scripted events.
  private final class Script: HTTPTransport {
    final class Exchange: HTTPExchange {
      private var events: [HTTPEvent]
      init(_ events: [HTTPEvent]) { self.events = events }
      func next(within time: Duration) -> HTTPEvent? { events.isEmpty ? nil : events.removeFirst() }
      func cancel() {}
    }

    private let answers: @Sendable (HTTPRequest) -> [HTTPEvent]
    private let asked = Mutex<[HTTPRequest]>([])
    init(_ answers: @escaping @Sendable (HTTPRequest) -> [HTTPEvent]) { self.answers = answers }
    func begin(_ request: HTTPRequest) -> any HTTPExchange {
      asked.withLock { $0.append(request) }
      return Exchange(answers(request))
    }
    var requests: [HTTPRequest] { asked.withLock { $0 } }
  }

  @Test("an exchange that ended because bytes came too fast is gone on with at once")
  func afterOverrun() throws {
    let set = SyntheticSet()
    let script = Script { request in
      let file = set.files[request.url.lastPathComponent] ?? []
      guard let range = request.fields["Range"], let start = Int(range.dropFirst(6).dropLast()) else {
        let half = Data(file.prefix(file.count / 2))
        return [
          .response(HTTPResponse(status: 200, fields: ["ETag": "\"1\""])), .bytes(half),
          .failure(HTTPFailure(.overrun, "too fast")),
        ]
      }
      let head = ["Content-Range": "bytes \(start)-\(file.count - 1)/\(file.count)", "ETag": "\"1\""]
      return [.response(HTTPResponse(status: 206, fields: head)), .bytes(Data(file[start...])), .end]
    }
    let folder = try ScratchFolder()
    let pauses = Trial.Slept()
    let fetcher = DatasetFetcher(
      dataFolder: folder.path, sources: [.mirror(try #require(URL(string: "http://mirror.invalid/")))],
      surroundings: FetchSurroundings(transport: script, sleep: { pauses.add($0) }))
    var generator = SystemRandomNumberGenerator()
    try fetcher.fetch(set.description, using: &generator)
    #expect(script.requests.count == 8 && pauses.all == [])
    #expect(folder.names(in: "tiny") == set.unpacked.keys.sorted())
  }
}
