public import Foundation

/// One run of a built program: what it printed, and how it ended.
public struct ProgramRun: Sendable {
  /// The exit status, or the signal that ended it.
  public let status: Int32
  /// What it wrote to standard output.
  public let output: String
  /// What it wrote to standard error.
  public let errors: String

  /// The lines on standard error.
  public var errorLines: [Substring] { errors.split(separator: "\n") }

  /// The folder that the build put the programs in: that of the test bundle.
  public static let binaries: URL = {
    #if canImport(Darwin)
      return Bundle(for: Collected.self).bundleURL.deletingLastPathComponent()
    #else
      return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
  }()

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - program: its name, such as `mnist-train`, or the path of a program of the system.
  ///   - folder: the current folder of the run.
  ///   - environment: variables on top of the tests' own, among which no data folder is.
  ///   - outputPath: a file that standard output goes to instead of ``output``.
  ///   - inputPath: a file that standard input comes from; nothing is there otherwise.
  ///   - started: called once the program runs.
  public init(
    _ program: String, _ arguments: [String], in folder: String = "/", environment: [String: String] = [:],
    outputPath: String? = nil, inputPath: String? = nil, started: @Sendable @escaping (Process) -> Void = { _ in }
  ) throws {
    let process = Process()
    process.executableURL = program.hasPrefix("/") ? URL(filePath: program) : Self.binaries.appending(path: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    var variables = ProcessInfo.processInfo.environment
    variables["MNIST_DATA_DIR"] = "/nonexistent"
    variables["PATH"] = Self.binaries.path + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    process.environment = variables.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = try outputPath.map { try FileHandle(forWritingTo: URL(filePath: $0)) } ?? output
    process.standardError = errors
    process.standardInput =
      try inputPath.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? FileHandle.nullDevice
    try process.run()
    started(process)
    // A program that does not end must not keep the tests from ending.
    let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 300, execute: watchdog)
    defer { watchdog.cancel() }
    // Both pipes are drained at once, or a program that fills the other one would wait for ever.
    let collected = Collected()
    let reader = Thread { collected.finish(errors.fileHandleForReading.readDataToEndOfFile()) }
    reader.start()
    self.output =
      outputPath == nil ? String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) : ""
    self.errors = String(decoding: collected.wait(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// Data handed over from another thread.
  private final class Collected: @unchecked Sendable {
    private let condition = NSCondition()
    private var data: Data?

    func finish(_ data: Data) {
      condition.lock()
      self.data = data
      condition.broadcast()
      condition.unlock()
    }

    func wait() -> Data {
      condition.lock()
      defer { condition.unlock() }
      while data == nil { condition.wait() }
      return data ?? Data()
    }
  }
}
