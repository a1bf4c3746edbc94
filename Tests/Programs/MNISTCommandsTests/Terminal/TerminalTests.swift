import Foundation
import MNISTCommands
import TestFixtures
import Testing

/// Opens a pseudo-terminal.
///
/// - Returns: The descriptor of the pseudo-terminal's controlling side, and the path of its terminal side.
private func openTerminal() throws -> (controller: Int32, path: String) {
  let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
  #if canImport(Darwin)
    try #require(grantpt(controller) == 0 && unlockpt(controller) == 0)
    return (controller, String(cString: ptsname(controller)))
  #else
    // Glibc's Swift module lacks grantpt, unlockpt and ptsname. The ioctls TIOCSPTLCK and TIOCGPTN replace them.
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(ioctl(controller, 0x4004_5431, &lock) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
    return (controller, "/dev/pts/\(number)")
  #endif
}

/// Runs a program with a terminal as one of its standard streams.
///
/// - Returns: The text that the program wrote to the terminal.
private func textOnTerminal(
  _ program: String, _ arguments: [String], in folder: ScratchFolder, type: String,
  stream: ReferenceWritableKeyPath<Process, Any?> = \.standardError
) throws -> String {
  let (controller, path) = try openTerminal()
  let process = Process()
  process.executableURL = ProgramRun.binaries.appending(path: program)
  process.arguments = arguments
  process.currentDirectoryURL = URL(filePath: folder.path)
  process.environment = ProcessInfo.processInfo.environment.merging(["TERM": type, "LC_ALL": "C.UTF-8"]) { $1 }
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  process.standardInput = FileHandle.nullDevice
  let terminal = FileHandle(fileDescriptor: open(path, O_RDWR | O_NOCTTY), closeOnDealloc: true)
  process[keyPath: stream] = terminal
  try process.run()
  try terminal.close()
  // Reading fails once the program has closed the terminal.
  var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
  while case let count = read(controller, &piece, piece.count), count > 0 { bytes += piece[..<count] }
  process.waitUntilExit()
  close(controller)
  #expect(process.terminationStatus == 0)
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct TerminalTests {
  @Test(
    "a terminal without a type or of type dumb gets plain lines and no live drawing",
    arguments: [("dumb", false), ("", false), ("xterm-256color", true)])
  func types(_ type: String, _ isLive: Bool) throws {
    let folder = try ScratchFolder()
    let text = try textOnTerminal("mnist-train", ["--epochs", "2", "--output", "run"], in: folder, type: type)
    #expect(text.contains("\u{1B}[K") == isLive, "\(text)")
    #expect(text.contains("epoch 1 of 2: loss ") == !isLive, "\(text)")
    #expect(text.contains("2 epochs in "))
  }

  @Test("a terminal gets at most twenty errors and the file with all errors; a file or pipe gets all errors")
  func errorList() throws {
    let folder = try ScratchFolder()
    let arguments = ["--epochs", "3", "--quiet", "--output"]
    func errorLines(_ text: String) -> [String] {
      text.split(whereSeparator: \.isNewline).map(String.init).filter { $0.hasPrefix("Actual: ") }
    }
    let text = try textOnTerminal(
      "mnist-train", arguments + ["run"], in: folder, type: "xterm", stream: \.standardOutput)
    let all = try ProgramRun("mnist-train", arguments + ["other"], in: folder.path).output
    let errors = errorLines(all)
    #expect(errors.count > 20 && errorLines(text) == Array(errors.prefix(20)))
    let lines = text.split(whereSeparator: \.isNewline)
    let place = try #require(lines.lastIndex { $0.hasPrefix("Actual: ") }) + 1
    let others = "... and \(errors.count - 20) more, in run/predictions.csv and as pictures by: mnist-dump-errors run"
    #expect(lines[place] == others)
    #expect(!all.contains("... and "))
  }

  @Test("the type of a terminal decides whether it obeys control sequences")
  func type() {
    for type in [nil, "", "dumb"] { #expect(!Terminal.obeysControlSequences(type: type)) }
    for type in ["xterm", "linux", "screen-256color"] { #expect(Terminal.obeysControlSequences(type: type)) }
  }
}
