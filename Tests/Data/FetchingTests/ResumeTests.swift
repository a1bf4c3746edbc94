import Archives
import Datasets
import Fetching
import Foundation
import RandomSources
import TestFixtures
import Testing

@Suite(.serialized) struct ResumeTests {
  static let name = "train-images-idx3-ubyte.gz"

  @Test("a download that is cut anywhere is resumed by the same run")
  func cutAnywhere() throws {
    let set = SyntheticSet()
    let file = try #require(set.files[Self.name])
    for place in stride(from: 1, to: file.count, by: 13) {
      let server = try FaultServer(FaultyMirror(set.files, faults: [.cut(at: place)]).respond)
      #expect(try Trial(set, in: ScratchFolder(), sources: [server.url()]).run().error == nil)
      #expect(server.requests[1].fields["range"] == "bytes=\(place)-")
      #expect(server.requests[1].fields["if-range"] == "\"v1\"")
    }
  }

  @Test("a download that is cut anywhere is resumed by the next run")
  func nextRun() throws {
    let set = SyntheticSet()
    let file = try #require(set.files[Self.name])
    for place in stride(from: 1, to: file.count, by: 97) {
      let mirror = FaultyMirror(set.files, faults: [.cut(at: place), .status(404)])
      let server = try FaultServer(mirror.respond)
      let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
      #expect(trial.run().error != nil)
      #expect(try trial.folder.bytes("tiny/.fetch/\(Self.name).partial") == Array(file.prefix(place)))
      let sent = server.sentByteCount
      let second = trial.run()
      #expect(second.error == nil)
      #expect(server.requests[2].fields["range"] == "bytes=\(place)-")
      let total = set.files.values.reduce(0) { $0 + $1.count }
      #expect(server.sentByteCount - sent < total - place + 4 * 200)
      #expect(
        second.events.contains {
          if case .begin(Self.name, _, place, file.count) = $0 { true } else { false }
        })
    }
  }

  @Test("a server without ranges or without entity tags sends the whole file again", arguments: [true, false])
  func withoutRanges(_ knowsRanges: Bool) throws {
    let set = SyntheticSet()
    let mirror = FaultyMirror(
      set.files, faults: [.cut(at: 100), .cut(at: 900)], knowsRanges: knowsRanges, saysValidator: !knowsRanges)
    let server = try FaultServer(mirror.respond)
    #expect(try Trial(set, in: ScratchFolder(), sources: [server.url()]).run().error == nil)
    #expect(server.requests[1].fields["range"] == (knowsRanges ? nil : "bytes=100-"))
  }

  @Test(
    "a response that is not the rest of the same file is not appended to the partial download",
    arguments: [.ignoredRange, .wrongRange, .changedRange, .lyingRange, .shiftedRange] as [Fault])
  func notTheRest(_ fault: Fault) throws {
    let set = SyntheticSet()
    let mirror = FaultyMirror(set.files, faults: [.cut(at: 500), fault])
    let server = try FaultServer(mirror.respond)
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error == nil)
    #expect(server.requests[1].fields["range"] == "bytes=500-")
    // A server that does not support ranges may send the whole file, so no further attempt is needed.
    #expect(trial.slept.all.count == (fault == .ignoredRange ? 1 : 2))
    #expect(server.requests.count == (fault == .ignoredRange ? 5 : 6))
  }

  @Test(
    "a mirror that repeatedly breaks off and sends wrong ranges is abandoned after four attempts with pauses",
    arguments: [.lyingRange, .shiftedRange, .wrongRange] as [Fault])
  func endlessLies(_ fault: Fault) throws {
    // Before each connection breaks, the number of new bytes exceeds the progress limit.
    let set = SyntheticSet(trainingCount: 2000)
    let faults = (0..<40).flatMap { _ in [Fault.cut(at: 60_000), fault] }
    let bad = FaultyMirror(set.files, faults: faults)
    let good = FaultyMirror(set.files)
    let server = try FaultServer { $0.path.hasPrefix("bad") ? bad.respond($0) : good.respond($0) }
    var trial = try Trial(set, in: ScratchFolder(), sources: [server.url("bad"), server.url("good")])
    trial.settings.progressByteCount = 4000
    let result = trial.run()
    #expect(result.error == nil)
    let asked = server.requests.prefix { $0.path.hasPrefix("bad") }.count
    #expect(asked <= 8, "\(asked)")
    #expect(trial.slept.all.count >= asked - 1)
    #expect(result.events.contains { if case .sourceFailed = $0 { true } else { false } })
  }

  @Test("a partial download is not resumed from another mirror, but kept until the other mirror sends the file")
  func otherMirror() throws {
    let set = SyntheticSet()
    let (first, second) = (
      FaultyMirror(set.files, faults: [.cut(at: 700), .status(404)]),
      FaultyMirror(set.files, faults: [.status(404)])
    )
    let server = try FaultServer { $0.path.hasPrefix("a/") ? first.respond($0) : second.respond($0) }
    var trial = try Trial(set, in: ScratchFolder(), sources: [server.url("a"), server.url("b")])
    #expect(trial.run().error != nil)
    #expect(trial.run().error == nil)
    #expect(server.requests.map { $0.fields["range"] }.prefix(4) == [nil, "bytes=700-", nil, "bytes=700-"])

    trial = try Trial(set, in: ScratchFolder(), sources: [server.url("b")])
    #expect(trial.run().error == nil)
  }

  @Test("a partial download that the disk damaged is detected by its checksum and fetched again")
  func spoilt() throws {
    let set = SyntheticSet()
    let server = try FaultServer(FaultyMirror(set.files, faults: [.cut(at: 700), .status(404)]).respond)
    let trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    #expect(trial.run().error != nil)
    let path = "tiny/.fetch/\(Self.name).partial"
    var bytes = try trial.folder.bytes(path)
    bytes[300] ^= 1
    try trial.folder.write(bytes, to: path)
    #expect(trial.run().error == nil)

    // This partial download is longer than the file, and the record of its origin is invalid.
    let folder = try ScratchFolder()
    try folder.write([UInt8](repeating: 0x1F, count: 5000), to: path)
    try folder.write("nonsense".utf8, to: path + ".origin")
    #expect(try Trial(set, in: folder, sources: [server.url()]).run().error == nil)
  }

  @Test("a file that was fetched whole but not installed is not fetched again")
  func whole() throws {
    let set = SyntheticSet()
    let server = try FaultServer(FaultyMirror(set.files).respond)
    for suffix in ["", ".partial"] {
      let folder = try ScratchFolder()
      try folder.write(try #require(set.files[Self.name]), to: "tiny/.fetch/\(Self.name)\(suffix)")
      let before = server.requests.count
      #expect(try Trial(set, in: folder, sources: [server.url()]).run().error == nil)
      #expect(server.requests.count - before == 3)
    }
  }

  @Test("the downloads of a process that was killed after the installation are removed by the next process")
  func leftover() throws {
    let set = SyntheticSet()
    let folder = try ScratchFolder()
    for (name, bytes) in set.unpacked { try folder.write(bytes, to: "tiny/" + name) }
    for (name, bytes) in set.files { try folder.write(bytes, to: "tiny/.fetch/" + name) }
    #expect(try Trial(set, in: folder, sources: []).run().error == nil)
    #expect(folder.names(in: "tiny") == set.unpacked.keys.sorted())
  }

  @Test("a large file over a bad connection is fetched in many attempts, as long as each makes progress")
  func manyPieces() throws {
    let set = SyntheticSet(trainingCount: 2000)
    let faults = [Fault](repeating: .cut(at: 4000), count: 30)
    let server = try FaultServer(FaultyMirror(set.files, faults: faults).respond)
    var trial = try Trial(set, in: ScratchFolder(), sources: [server.url()])
    trial.settings.progressByteCount = 4000
    #expect(trial.run().error == nil)
    #expect(server.requests.count == 34)
    let total = set.files.values.reduce(0) { $0 + $1.count }
    #expect(server.sentByteCount < total + 40 * 200)
  }

  @Test("mirrors and folders are tried in order, and files in a folder are not copied")
  func mixedSources() throws {
    let set = SyntheticSet()
    let (local, target) = (try ScratchFolder(), try ScratchFolder())
    try local.write(try #require(set.files[Self.name]), to: Self.name)
    let server = try FaultServer(FaultyMirror(set.files).respond)
    let trial = try Trial(set, in: target, sources: [local.path, server.url()])
    #expect(trial.run().error == nil)
    #expect(server.requests.count == 3 && local.names == [Self.name])

    // A wrong local file is skipped.
    try local.write("wrong".utf8, to: Self.name)
    let other = try Trial(set, in: ScratchFolder(), sources: [local.path, server.url()]).run()
    #expect(other.error == nil)
    #expect(
      other.events.contains {
        if case .sourceFailed(Self.name, let failure) = $0 { failure.kind == .wrongContent } else { false }
      })
  }

  @Test("fetches into the same folder take turns, and the later fetches find the complete data set")
  func twoAtOnce() throws {
    let set = SyntheticSet(trainingCount: 500)
    let mirror = FaultyMirror(set.files)
    let server = try FaultServer { [.pause(.milliseconds(50))] + mirror.respond($0) }
    let folder = try ScratchFolder()
    let trial = try Trial(set, in: folder, sources: [server.url()])
    let results = Collected()
    let group = DispatchGroup()
    for _ in 0..<4 {
      group.enter()
      Thread {
        results.add(trial.run())
        group.leave()
      }.start()
    }
    group.wait()
    #expect(results.all.allSatisfy { $0.error == nil })
    #expect(server.requests.count == 4)
    let waited = results.all.count { $0.events == [.waiting(folder: folder("tiny"))] }
    #expect(waited == 3)
  }

  private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var results: [(error: FetchError?, events: [FetchEvent])] = []
    func add(_ result: (error: FetchError?, events: [FetchEvent])) { lock.withLock { results.append(result) } }
    var all: [(error: FetchError?, events: [FetchEvent])] { lock.withLock { results } }
  }
}
