public import Foundation

/// The result of one run of a program: its output and its exit status.
public struct ProgramRun: Sendable {
  /// The exit status, or the number of the signal that ended the program.
  public let status: Int32
  /// The text on standard output.
  public let output: String
  /// The text on standard error.
  public let errors: String

  /// The lines on standard error.
  public var errorLines: [Substring] { errors.split(separator: "\n") }

  /// The folder that contains the built programs. It also contains the test bundle.
  public static let binaries: URL = {
    #if canImport(Darwin)
      return Bundle(for: Collected.self).bundleURL.deletingLastPathComponent()
    #else
      return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
  }()

  /// Runs a program until it ends.
  ///
  /// - Parameters:
  ///   - program: The name of a program of this package, such as `mnist-train`, or the absolute path of another
  ///     program.
  ///   - arguments: The arguments of the program.
  ///   - folder: The current folder of the program.
  ///   - environment: Additional environment variables. Without them, the program has the environment of the tests but
  ///     no data folder.
  ///   - outputPath: A file that receives standard output. ``output`` is then empty.
  ///   - inputPath: A file for standard input. By default standard input is empty.
  ///   - started: A closure that is called after the program has started.
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
    // Kill a program that does not end, so that the tests can end.
    let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 300, execute: watchdog)
    defer { watchdog.cancel() }
    // Read both pipes at the same time. Otherwise a program that fills the second pipe would wait forever.
    let collected = Collected()
    let reader = Thread { collected.finish(errors.fileHandleForReading.readDataToEndOfFile()) }
    reader.start()
    self.output =
      outputPath == nil ? String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) : ""
    self.errors = String(decoding: collected.wait(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// A box in which one thread leaves data for another thread.
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
