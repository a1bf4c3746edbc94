import Datasets
import Fetching
import Foundation
import TestFixtures
import Testing

/// Tests of each fault on its own.
@Suite(.serialized) struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let fault: Fault
    /// A part of the error message about a mirror that always has this fault.
    let text: String
    let kind: SourceFailure.Kind
    var testDescription: String { "\(fault)" }
  }

  static let cases: [Case] = [
    .init(fault: .status(403), text: "status 403", kind: .unavailable),
    .init(fault: .status(404), text: "status 404", kind: .unavailable),
    .init(fault: .status(500), text: "status 500 (4 attempts)", kind: .unavailable),
    .init(fault: .status(503, retryAfter: "7"), text: "status 503 (4 attempts)", kind: .unavailable),
    .init(
      fault: .html(saysLength: true), text: "not the published file, but an HTML page: Content-Length expected",
      kind: .wrongContent),
    .init(
      fault: .html(saysLength: false), text: "not the published file, but an HTML or XML page", kind: .wrongContent),
    .init(fault: .otherFile, text: "Content-Length expected", kind: .wrongContent),
    .init(fault: .otherBytes, text: "not the published file, but a file that is not a gzip file", kind: .wrongContent),
    .init(fault: .flippedBit(at: 700), text: "not the published file: SHA-256 expected", kind: .wrongContent),
    .init(fault: .cut(at: 0), text: "(4 attempts)", kind: .unavailable),
    .init(fault: .cutWithoutLength(at: 600), text: "the connection ended after 600 of", kind: .unavailable),
    .init(fault: .lengthTooShort, text: "Content-Length expected", kind: .wrongContent),
    .init(fault: .lengthTooLong, text: "Content-Length expected", kind: .wrongContent),
    .init(fault: .stall(at: 500), text: "received nothing for 0.3 seconds", kind: .unavailable),
    .init(fault: .longField, text: "a header field is too long", kind: .unavailable),
    .init(fault: .slowHead, text: "received nothing for 0.3 seconds", kind: .unavailable),
    .init(
      fault: .headerFlood(lineCount: 2_000_000, isCookies: false),
      text: "the response header has more than 65536 bytes",
      kind: .unavailable),
    .init(
      fault: .headerFlood(lineCount: 10_000, isCookies: true), text: "the response header has more than 65536 bytes",
      kind: .unavailable),
    .init(fault: .redirectLoop, text: "more than 10 redirects", kind: .unavailable),
    .init(fault: .trickle, text: "too slow: ", kind: .unavailable),
    .init(fault: .noHTTP, text: "(4 attempts)", kind: .unavailable),
    .init(fault: .closed, text: "(4 attempts)", kind: .unavailable),
    .init(fault: .empty, text: "not the published file, but an empty file", kind: .wrongContent),
    .init(fault: .contentEncoding, text: "changes the encoding of the file", kind: .wrongContent),
  ]

  @Test("a mirror that always has one fault is reported with this fault, and the next mirror is used", arguments: cases)
  func alone(_ test: Case) throws {
    let set = SyntheticSet()
    let bad = FaultyMirror(set.files, faults: [test.fault], repeatsLast: true, saysValidator: false)
    let good = FaultyMirror(set.files)
    let server = try FaultServer { $0.path.hasPrefix("bad") ? bad.respond($0) : good.respond($0) }
    let folder = try ScratchFolder()

    var trial = try Trial(set, in: folder, sources: [server.url("bad")])
    let isSlow = [.trickle, .slowHead, .stall(at: 500)].contains(test.fault)
    if isSlow { trial.beImpatient() }
    let only = trial.run()
    guard case .noSource("train-images-idx3-ubyte.gz", let failures) = only.error else {
      Issue.record("\(String(describing: only.error))")
      return
    }
    #expect(failures.map(\.kind) == [test.kind])
    #expect(failures.first?.location == server.url("bad/train-images-idx3-ubyte.gz"))
    #expect(failures.first?.reason.contains(test.text) == true, "\(failures)")
    if test.kind == .wrongContent { #expect(folder.names == []) }
    // A slow mirror is abandoned after one attempt.
    if isSlow { #expect(server.requests.count == 1 && trial.slept.all == []) }

    trial.sources.append(try #require(FetchSource(server.url("good"))))
    let both = trial.run()
    #expect(both.error == nil)
    #expect(both.events.contains { if case .sourceFailed = $0 { true } else { false } })
  }

  @Test(
    "after a temporary fault, the same mirror provides the file",
    arguments: [
      .status(500), .status(503), .status(429), .cut(at: 300), .cutWithoutLength(at: 300), .noHTTP, .closed,
      .headerFlood(lineCount: 20_000, isCookies: false),
    ] as [Fault])
  func passing(_ fault: Fault) throws {
    let set = SyntheticSet()
    let mirror = FaultyMirror(set.files, faults: [fault, fault])
    let server = try FaultServer(mirror.respond)
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error == nil)
    #expect(trial.slept.all.count == 2)
  }

  @Test("a chunked response with a trailer needs only one attempt")
  func trailers() throws {
    let set = SyntheticSet()
    let server = try FaultServer(FaultyMirror(set.files, faults: [.trailer], repeatsLast: true).respond)
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error == nil)
    #expect(server.requests.count == 4 && trial.slept.all == [])
  }

  @Test("a mirror that cannot be reached is tried twice, and then the next mirror is tried")
  func refused() throws {
    let set = SyntheticSet()
    let good = FaultyMirror(set.files)
    let server = try FaultServer(good.respond)
    let closed = "http://127.0.0.1:\(try FaultServer.closedPort())/"
    let trial = try Trial(set, in: ScratchFolder(), sources: [closed, "http://nowhere.invalid/", server.url()])
    let result = trial.run()
    #expect(result.error == nil)
    #expect(trial.slept.all.count == 8)
  }

  @Test("the pause that a server requests is kept, up to the longest pause")
  func retryAfter() throws {
    let set = SyntheticSet()
    let mirror = FaultyMirror(
      set.files, faults: [.status(503, retryAfter: "7"), .status(429, retryAfter: "3600"), .status(503)])
    let server = try FaultServer(mirror.respond)
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error == nil)
    #expect(trial.slept.all[0] == .seconds(7))
    #expect(trial.slept.all[1] == .seconds(30))
    #expect(trial.slept.all[2] <= .seconds(2) && trial.slept.all[2] >= .seconds(1))
  }

  @Test("a wrong Content-Length is found before the body is read")
  func length() throws {
    let set = SyntheticSet()
    let body = [UInt8](repeating: 0x1F, count: 1 << 20)
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(200, ["Content-Length: 80000000"]) + body), .pause(.seconds(3))]
        + Array(repeating: FaultServer.Step.send(body), count: 78) + [.close]
    }
    let result = try Trial(set, in: ScratchFolder(), sources: [server.url()]).run()
    #expect(result.error?.description.contains("found 80000000") == true)
    #expect(!result.events.contains { if case .begin = $0 { true } else { false } })
    #expect(server.sentByteCount < 2 << 20)
  }

  @Test("a body of unknown length is refused once it is longer than the published file", arguments: [true, false])
  func endless(_ isPage: Bool) throws {
    let set = SyntheticSet()
    let file = set.files["train-images-idx3-ubyte.gz"] ?? []
    let beginning = isPage ? Array("<html>".utf8) : [0x1F, 0x8B, 8, 0]
    let more = [UInt8](repeating: 7, count: 1 << 16)
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(200, ["Connection: close"]) + beginning + more)]
        + Array(repeating: [FaultServer.Step.pause(.milliseconds(5)), .send(more)], count: 1000).joined()
    }
    let folder = try ScratchFolder()
    let result = try Trial(set, in: folder, sources: [server.url()]).run()
    let expected = "more than \(file.count) bytes" + (isPage ? ", but an HTML or XML page" : "")
    #expect(result.error?.description.contains(expected) == true, "\(String(describing: result.error))")
    #expect(server.sentByteCount < 8 << 20)
    #expect(folder.names == [])
  }

  @Test(
    "a file with all correct bytes is accepted, even if wrong bytes follow",
    arguments: [
      (["Transfer-Encoding: chunked"], "no chunk\r\n"),
      (["Transfer-Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n"),
      (["Connection: close"], "and more"), (["Transfer-Encoding: chunked"], nil),
    ] as [([String], String?)])
  func rightBytes(_ fields: [String], _ end: String?) throws {
    let set = SyntheticSet()
    let server = try FaultServer { request in
      let file = set.files[String(request.path.split(separator: "/").last ?? "")] ?? []
      let isChunked = fields[0].hasPrefix("Transfer")
      let body = isChunked ? Array("\(String(file.count, radix: 16))\r\n".utf8) + file + [13, 10] : file
      let last = end.map { [FaultServer.Step.send(Array($0.utf8)), .close] } ?? [.stall]
      return [.send(FaultyMirror.head(200, ["ETag: \"v1\""] + fields)), .send(body), .pause(.milliseconds(20))] + last
    }
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error == nil)
    #expect(server.requests.count == 4 && trial.slept.all == [])
  }

  @Test("an interrupt works while a proxy refuses a tunnel with an endless response")
  func floodingProxy() throws {
    let flood = [UInt8](repeating: 65, count: 1 << 20)
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(407, ["Content-Length: 999999999999"]))]
        + Array(repeating: FaultServer.Step.send(flood), count: 200_000)
    }
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-fetch-convert", ["--from", "https://mirror.invalid/", "--data-dir", "data", "--quiet"],
      in: folder.path, environment: ["https_proxy": server.url()],
      started: { process in
        DispatchQueue.global().asyncAfter(deadline: .now() + 2.5) { kill(process.processIdentifier, SIGINT) }
      })
    #expect(run.status == 130)
    #expect(run.errorLines.count == 1, "\(run.errors)")
  }

  @Test("redirects are followed, and a request for a range keeps its range")
  func redirected() throws {
    let set = SyntheticSet()
    let mirror = FaultyMirror(set.files, faults: [.cut(at: 200)])
    let server = try FaultServer { request in
      if request.path.hasPrefix("old/") {
        let name = request.path.dropFirst(4)
        return [.send(FaultyMirror.head(301, ["Location: /new/\(name)", "Content-Length: 0"]))]
      }
      return mirror.respond(request)
    }
    #expect(try Trial(set, in: ScratchFolder(), sources: [server.url("old")]).run().error == nil)
    #expect(
      server.requests.filter { $0.fields["range"] == "bytes=200-" }.map(\.path) == [
        "old/train-images-idx3-ubyte.gz", "new/train-images-idx3-ubyte.gz",
      ])
  }

  @Test("an interrupt ends the fetch and keeps the partial download")
  func interrupted() throws {
    let set = SyntheticSet()
    let server = try FaultServer(FaultyMirror(set.files, faults: [.stall(at: 777)]).respond)
    let folder = try ScratchFolder()
    var trial = try Trial(set, in: folder, sources: [server.url()])
    trial.isInterrupted = { (try? folder.bytes("tiny/.fetch/train-images-idx3-ubyte.gz.partial").count) == 777 }
    #expect(trial.run().error == .interrupted(file: "train-images-idx3-ubyte.gz"))
    trial.isInterrupted = { false }
    #expect(trial.run().error == nil)
    #expect(server.requests[1].fields["range"] == "bytes=777-")
  }
}
