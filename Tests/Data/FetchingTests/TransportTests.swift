import Fetching
import Foundation
import TestFixtures
import Testing

@Suite(.serialized) struct TransportTests {
  /// Returns all events of an exchange as text. The number of received bytes comes before the last event.
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

  private static func begin(_ url: String, _ transport: CurlTransport) throws -> any HTTPExchange {
    transport.begin(try #require(URL(string: url)), fields: [:])
  }

  @Test("a response, even a redirect, arrives as a header, bytes and an end")
  func answers() throws {
    let server = try FaultServer { request in
      if request.path == "moved" {
        return [.send(FaultyMirror.head(302, ["Location: /there", "Content-Length: 3"]) + [1, 2, 3])]
      }
      return [
        .send(FaultyMirror.head(200, ["Content-Length: 5"]) + [1, 2]), .pause(.milliseconds(20)), .send([3, 4, 5]),
      ]
    }
    let transport = CurlTransport(userAgent: "test/1")
    for _ in 0..<20 {
      #expect(Self.events(try Self.begin(server.url("there"), transport)) == ["200", "5", "end"])
      #expect(Self.events(try Self.begin(server.url("moved"), transport)) == ["302", "3", "end"])
    }
    #expect(server.requests.count == 40)
    #expect(server.requests[0].fields["accept-encoding"] == "identity")
    #expect(server.requests[0].fields["user-agent"] == "test/1")
  }

  @Test("bytes that the caller does not take remain on the server")
  func backpressure() throws {
    let piece = [UInt8](repeating: 1, count: 4 << 20)
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(200, ["Content-Length: \(40 * piece.count)"]))]
        + Array(repeating: FaultServer.Step.send(piece), count: 40)
    }
    let exchange = try Self.begin(server.url(), CurlTransport(userAgent: "test"))
    guard case .response = exchange.next(within: .seconds(20)) else {
      Issue.record("no response")
      return
    }
    // Wait until the server has sent nothing for half a second.
    var (sent, standing, waited) = (0, 0, 0)
    while standing < 50, waited < 3000 {
      usleep(10_000)
      waited += 1
      standing = server.sentByteCount == sent ? standing + 1 : 0
      sent = server.sentByteCount
    }
    #expect(sent < 40 << 20)
    #expect(Self.events(exchange) == ["\(40 * piece.count)", "end"])
  }

  @Test("cancelling an exchange at any time does not affect later exchanges")
  func cancelled() throws {
    let server = try FaultServer { request in
      [
        .send(
          FaultyMirror.head(request.path == "moved" ? 302 : 200, ["Location: /there", "Content-Length: 2"]) + [1, 2])
      ]
    }
    let transport = CurlTransport(userAgent: "test")
    for number in 0..<3000 {
      let exchange = try Self.begin(server.url(number % 2 == 0 ? "moved" : "there"), transport)
      _ = exchange.next(within: .microseconds(number % 1000))
      exchange.cancel()
      if exchange.next(within: .zero) != nil { Issue.record("an event after the end") }
    }
    #expect(Self.events(try Self.begin(server.url("there"), transport)) == ["200", "2", "end"])
  }
}
