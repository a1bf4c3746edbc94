import Fetching
import Foundation
import RandomSources
import Synchronization
import TestFixtures
import Testing

/// Tests of the built program against a faulty server. The tests need no real data.
@Suite(.serialized) struct FetchProgramTests {
  static let program = "mnist-fetch-convert"
  static let name = "train-images-idx3-ubyte.gz"

  static func run(_ arguments: [String], in folder: ScratchFolder, environment: [String: String] = [:]) throws
    -> ProgramRun
  {
    try ProgramRun(program, arguments + ["--data-dir", "data"], in: folder.path, environment: environment)
  }

  /// Runs the program with `--quiet` and checks its exit status. Standard error must be exactly one line that contains
  /// the given text.
  static func expect(
    _ status: Int32, _ text: String, _ arguments: [String], in folder: ScratchFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try run(arguments + ["--quiet"], in: folder)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(
      run.errors.hasPrefix(program + ": ") && run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation
    )
    #expect(run.output == "", sourceLocation: sourceLocation)
  }

  @Test("missing files on a server give exit status 69, wrong files give 65, and nothing is written")
  func statuses() throws {
    let folder = try ScratchFolder()
    let server = try FaultServer { request in
      if request.path.hasPrefix("html/") {
        let page = Array("<html>Down for maintenance</html>".utf8)
        let head = ["Content-Type: text/html", "Content-Length: \(page.count)"]
        return [.send(FaultyMirror.head(200, head) + page)]
      }
      if request.path.hasPrefix("fashion/") {
        return [.send(FaultyMirror.head(200, ["Content-Length: 26421880"])), .stall]
      }
      return [.send(FaultyMirror.head(404, ["Content-Length: 0"]))]
    }
    try Self.expect(69, "\(server.url(Self.name)): status 404", ["--from", server.url()], in: folder)
    try Self.expect(65, "an HTML page", ["--from", server.url("html")], in: folder)
    try Self.expect(
      65, "no source has the published file: ", ["--from", server.url(), "--from", server.url("html"), "--from", "."],
      in: folder)
    try Self.expect(
      69, "127.0.0.1", ["--from", "http://127.0.0.1:\(try FaultServer.closedPort())", "--from", "nowhere"], in: folder)
    try Self.expect(66, "nowhere: there is no such folder", ["--from", "nowhere"], in: folder)
    #expect(folder.names(in: "data") == [])
  }

  @Test("without --quiet, every retry and every failed source is reported in one line with its reason")
  func retryLines() throws {
    let folder = try ScratchFolder()
    let server = try FaultServer { _ in [.send(FaultyMirror.head(500, ["Content-Length: 0"]))] }
    let run = try Self.run(["--from", server.url("a"), "--from", server.url("b")], in: folder)
    #expect(run.status == 69)
    let retries = run.errorLines.filter { $0.contains("status 500; retrying in ") }
    #expect(retries.count == 6)
    #expect(run.errorLines.count == 8, "\(run.errors)")
    #expect(!run.errors.contains("\r") && !run.errors.contains("\u{1B}"))
  }

  @Test("a folder that cannot be created gives exit status 73")
  func noFolder() throws {
    let folder = try ScratchFolder()
    let server = try FaultServer { _ in [.send(FaultyMirror.head(404, ["Content-Length: 0"]))] }
    try folder.write("mine".utf8, to: "data/full")
    try Self.expect(73, "data/full: cannot make the folder: a file is there", ["--from", server.url()], in: folder)
    #expect(try folder.text("data/full") == "mine")
    #expect(server.requests.isEmpty)

    let other = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: other("locked"), withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: other("locked"))
    // Permissions do not stop root, but even root cannot create a folder in `/sys`.
    let target = FileManager.default.isWritableFile(atPath: other("locked")) ? "/sys/data" : other("locked/data")
    let run = try ProgramRun(Self.program, ["--from", server.url(), "--data-dir", target, "--quiet"], in: other.path)
    #expect(run.status == 73 && run.errorLines.count == 1, "\(run.errors)")
  }

  @Test("an interrupt gives exit status 130 and one line, and the partial download is kept")
  func interrupt() throws {
    let folder = try ScratchFolder()
    let server = try FaultServer { _ in
      [.send(FaultyMirror.head(200, ["Content-Length: 9912422", "ETag: \"v1\""]) + [0x1F, 0x8B, 8, 0]), .stall]
    }
    let run = try ProgramRun(
      Self.program, ["--from", server.url(), "--data-dir", "data", "--quiet"], in: folder.path,
      started: { process in
        DispatchQueue.global().async {
          while (try? folder.bytes("data/full/.fetch/\(Self.name).partial").count) != 4 { usleep(10_000) }
          kill(process.processIdentifier, SIGINT)
        }
      })
    #expect(run.status == 130)
    #expect(
      run.errorLines.count == 1 && run.errors.contains("interrupted while fetching \(Self.name)"), "\(run.errors)")
    #expect(folder.names(in: "data/full") == [".fetch"])
    #expect(try folder.bytes("data/full/.fetch/\(Self.name).partial") == [0x1F, 0x8B, 8, 0])
  }

  @Test("with --offline, the network is not used")
  func offline() throws {
    let folder = try ScratchFolder()
    try Self.expect(66, "mnist-fetch-convert fashion", ["fashion", "--offline"], in: folder)
    try Self.expect(66, "train-images-idx3-ubyte.gz is missing", ["--offline", "--from", "."], in: folder)
    #expect(folder.names == [])
  }

  @Test("the list shows every data set with its size, its licence and its state in the data folder")
  func list() throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "data/fashion/train-labels-idx1-ubyte")
    let run = try Self.run(["--list"], in: folder)
    #expect(run.status == 0 && run.errors == "")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 12)
    func line(_ name: String) -> [Substring] { lines.first { $0.hasPrefix(name + " ") }?.split(separator: " ") ?? [] }
    #expect(line("full").contains("absent") && line("full").contains("60,000") && line("full").contains("28x28"))
    #expect(line("fashion").contains("partial") && line("digits").contains("embedded"))
    #expect(line("emnist-letters").contains("26") && line("emnist-letters").contains("124,800"))
    #expect(try Self.run(["--list", "kmnist"], in: folder).output.split(separator: "\n").count == 2)
  }

  @Test(
    "proxies are read from environment variables in lower and upper case, except where they must be ignored",
    arguments: [
      (["http_proxy"], true), (["HTTP_PROXY"], true), (["http_proxy", "no_proxy"], false), (["ALL_PROXY"], true),
      (["HTTP_PROXY", "REQUEST_METHOD"], false), (["HTTP_PROXY=", "ALL_PROXY"], true),
    ])
  func proxies(_ variables: [String], _ isAsked: Bool) throws {
    let server = try FaultServer { _ in [.send(FaultyMirror.head(404, ["Content-Length: 0"]))] }
    var environment: [String: String] = [:]
    for variable in variables {
      let isEmpty = variable.hasSuffix("=")
      environment[isEmpty ? String(variable.dropLast()) : variable] =
        isEmpty ? "" : variable == "no_proxy" ? "mirror.invalid" : server.url()
    }
    let run = try Self.run(
      ["--from", "http://mirror.invalid/x", "--quiet"], in: ScratchFolder(), environment: environment)
    #expect(run.status == 69)
    #expect(server.requests.map(\.path) == (isAsked ? ["http://mirror.invalid/x/\(Self.name)"] : []))
  }

  @Test("an untrusted certificate is refused without a retry")
  func certificate() throws {
    let folder = try ScratchFolder()
    func openssl(_ arguments: [String]) throws -> Process {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["openssl"] + arguments
      process.currentDirectoryURL = URL(filePath: folder.path)
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try process.run()
      return process
    }
    let request = try openssl(
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=localhost"])
    request.waitUntilExit()
    guard request.terminationStatus == 0 else {
      print("certificate: skipped, it needs openssl")
      return
    }
    let port = try FaultServer.closedPort()
    let server = try openssl(["s_server", "-accept", "\(port)", "-cert", "c.pem", "-key", "k.pem", "-www"])
    defer { server.terminate() }
    // Before the server listens, connections are refused and retried. After a bad certificate, there is no retry.
    for _ in 0..<50 {
      let run = try Self.run(["--from", "https://127.0.0.1:\(port)/"], in: folder)
      #expect(run.status == 69)
      if run.errors.contains("certificate"), run.errorLines.count == 1 { return }
    }
    Issue.record("the server was not reached, or the request was repeated")
  }

  @Test("only mnist-fetch-convert loads libcurl, and no program loads FoundationNetworking")
  func libraries() throws {
    #if os(Linux)
      func loads(_ library: String, _ program: String) throws -> Bool {
        let bytes = try Data(contentsOf: ProgramRun.binaries.appending(path: program), options: .alwaysMapped)
        return bytes.range(of: Data(library.utf8)) != nil
      }
      #expect(try loads("libcurl.so", Self.program))
      for program in [Self.program, "mnist-train", "mnist-dump-errors"] {
        #expect(try !loads("libFoundationNetworking.so", program))
        #expect(try program == Self.program || !loads("libcurl.so", program))
      }
    #endif
  }
}
