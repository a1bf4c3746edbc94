import Datasets
import Fetching
import Foundation
import RandomSources
import Synchronization
import TestFixtures
import Testing

/// Tests of the built program with MNIST's published files on a local server.
@Suite(
  .serialized,
  .enabled(
    if: PublishedMNIST.folder != nil,
    "set MNIST_SOURCE_DIR to a folder with MNIST's four published files"))
struct FetchMNISTTests {
  /// Returns a server of MNIST's published files. While `isSlow` returns true, the server sends small pieces with
  /// pauses.
  private static func server(isSlow: @escaping @Sendable () -> Bool) throws -> FaultServer {
    let mirror = FaultyMirror(PublishedMNIST.files)
    return try FaultServer { request in
      let steps = mirror.respond(request)
      guard isSlow() else { return steps }
      return steps.flatMap { step -> [FaultServer.Step] in
        guard case .send(let bytes) = step else { return [step] }
        return stride(from: 0, to: bytes.count, by: 1 << 16).flatMap { start in
          [.send(Array(bytes[start..<min(start + 1 << 16, bytes.count)])), .pause(.milliseconds(1))]
        }
      }
    }
  }

  private static let total = PublishedMNIST.files.values.reduce(0) { $0 + $1.count }

  @Test("MNIST is fetched once; later runs are silent, and damaged files are reported with --verify and repaired")
  func fetch() throws {
    let folder = try ScratchFolder()
    let server = try Self.server { false }
    let from = ["--from", server.url("mnist")]
    let first = try FetchProgramTests.run(from, in: folder)
    #expect(first.status == 0 && first.output == "full: complete in data/full\n")
    #expect(first.errorLines.count == 12, "\(first.errors)")
    #expect(folder.names(in: "data/full") == PublishedMNIST.names)
    #expect(PublishedMNIST.isComplete(in: folder("data")))

    for arguments in [from, [], ["--offline"], ["mnist"]] {
      let again = try FetchProgramTests.run(arguments, in: folder)
      #expect(again.status == 0 && again.errors == "" && again.output == first.output)
    }
    #expect(try FetchProgramTests.run(["--verify"], in: folder).output == "full: complete and verified in data/full\n")
    #expect(server.requests.count == 4)

    try folder.write([1, 2, 3], to: "data/full/t10k-labels-idx1-ubyte")
    try FileManager.default.removeItem(atPath: folder("data/full/train-labels-idx1-ubyte"))
    let wrong = try FetchProgramTests.run(["--verify"], in: folder)
    #expect(wrong.status == 65 && wrong.output == "")
    #expect(wrong.errorLines.count == 2, "\(wrong.errors)")
    #expect(try FetchProgramTests.run(from + ["--quiet"], in: folder).errors == "")
    #expect(server.requests.count == 6 && PublishedMNIST.isComplete(in: folder("data")))

    #expect(try FetchProgramTests.run(from + ["--force", "--quiet"], in: folder).status == 0)
    #expect(server.requests.count == 10 && PublishedMNIST.isComplete(in: folder("data")))
  }

  @Test("a file of another data set is recognised by its size or checksum and named in the error")
  func otherSet() throws {
    let (name, labels) = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    let images = try #require(PublishedMNIST.files[name])
    for saysLength in [true, false] {
      let server = try FaultServer { request in
        let head = saysLength ? ["Content-Length: \(images.count)"] : ["Connection: close"]
        return [.send(FaultyMirror.head(200, head) + images), .close]
      }
      try FetchProgramTests.expect(
        65, "full's \(name)", ["fashion", "--from", server.url()], in: ScratchFolder())
    }
    let folder = try ScratchFolder()
    try folder.write(images, to: "from/\(name)")
    try folder.write(images, to: "from/\(labels)")
    try FetchProgramTests.expect(65, "full's \(name)", ["--from", "from"], in: folder)
  }

  @Test("a killed run leaves no wrong file, and the next run resumes the download")
  func killed() throws {
    let slow = SlowSwitch()
    let server = try Self.server { slow.isOn }
    var source = SplittableRandomSource(seed: 1)
    var (resumedCount, savedByteCount) = (0, 0)
    for _ in 0..<50 {
      let folder = try ScratchFolder()
      let delay = Double.random(in: 0.01...0.6, using: &source)
      slow.isOn = true
      let run = try ProgramRun(
        FetchProgramTests.program, ["--from", server.url(), "--data-dir", "data", "--quiet"], in: folder.path,
        started: { process in
          DispatchQueue.global().asyncAfter(deadline: .now() + delay) { kill(process.processIdentifier, SIGKILL) }
        })
      slow.isOn = false
      for name in folder.names(in: "data/full") where !name.hasPrefix(".") {
        let file = try #require(DatasetCatalogue.full.files.first { $0.name == name })
        #expect(try Checksum.sha256(of: folder.bytes("data/full/\(name)")) == file.sha256)
      }
      let fetched = folder.names(in: "data/full/.fetch").filter { !$0.hasSuffix(".origin") }
      let kept = try fetched.reduce(0) { try $0 + folder.bytes("data/full/.fetch/\($1)").count }
      let isInstalled = run.status == 0 || PublishedMNIST.isComplete(in: folder("data"))

      #expect(server.waitUntilUnused())
      let sent = server.sentByteCount
      let second = try FetchProgramTests.run(["--from", server.url(), "--quiet"], in: folder)
      #expect(second.status == 0 && second.errors == "", "\(second.errors)")
      #expect(PublishedMNIST.isComplete(in: folder("data")))
      #expect(folder.names(in: "data/full") == PublishedMNIST.names)
      if !isInstalled {
        #expect(server.sentByteCount - sent <= Self.total - kept + 4 * 200)
        if kept > 0 { resumedCount += 1 }
        savedByteCount += kept
      }
    }
    print("killed: \(resumedCount) of 50 runs could resume a download, \(savedByteCount / 50) bytes on average")
    #expect(resumedCount > 10)
  }

  private final class SlowSwitch: Sendable {
    private let state = Mutex(true)
    var isOn: Bool {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }

  @Test("the second of two parallel runs reports that it waits, and then finds the complete data set")
  func twoAtOnce() throws {
    let folder = try ScratchFolder()
    let server = try Self.server { true }
    let runs = Mutex<[ProgramRun?]>([])
    let group = DispatchGroup()
    for _ in 0..<2 {
      group.enter()
      Thread {
        let run = try? FetchProgramTests.run(["--from", server.url()], in: folder)
        runs.withLock { $0.append(run) }
        group.leave()
      }.start()
    }
    group.wait()
    let ended = try runs.withLock { $0 }.map { try #require($0) }
    #expect(ended.allSatisfy { $0.status == 0 })
    #expect(server.requests.count == 4 && PublishedMNIST.isComplete(in: folder("data")))
    let waited = ended.filter { $0.errors.contains("waiting for another process that is fetching into this folder") }
    #expect(waited.count == 1 && waited.first?.errorLines.count == 1)
  }

  @Test("a full disk gives exit status 74 and one line, and no file gets its final name")
  func fullDisk() throws {
    for megabytes in [4, 12, 40] {
      guard let small = try SmallFileSystem(byteCount: megabytes << 20) else {
        print("fullDisk: skipped, mounting a small file system needs root on Linux")
        return
      }
      let server = try Self.server { false }
      let run = try ProgramRun(
        FetchProgramTests.program, ["--from", server.url(), "--data-dir", small.path, "--quiet"], in: "/")
      #expect(run.status == 74 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains("No space left on device"), "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: small.path + "/full")
      #expect(names == [".fetch"])
    }
  }

  @Test("mirrors and local folders can be combined")
  func mixed() throws {
    let folder = try ScratchFolder()
    let server = try Self.server { false }
    let labels = "train-labels-idx1-ubyte.gz"
    try folder.write(try #require(PublishedMNIST.files[labels]), to: "from/\(labels)")
    let run = try FetchProgramTests.run(["--from", "from", "--from", server.url()], in: folder)
    #expect(run.status == 0 && PublishedMNIST.isComplete(in: folder("data")))
    #expect(server.requests.count == 3)
  }
}
