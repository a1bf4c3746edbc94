internal import DisplayText
package import DurableFiles
internal import Foundation

/// The results' way out. Unlike `print`, it notices when the disk behind it is full.
package enum StandardOutput {
  /// Writes text as it is: the caller has escaped what comes from outside.
  package static func write(_ text: String) throws(FileError) {
    var text = text
    let errorNumber = text.withUTF8 { DurableFile.writeAll($0, to: STDOUT_FILENO) }
    // After a signal the command ends with the signal's status: its reader may have had the same signal.
    if errorNumber == EPIPE, Interruption.signal == nil { endByBrokenPipe() }
    guard errorNumber == 0 else {
      throw FileError(
        kind: .failed, path: "standard output", action: "cannot write", reason: String(cString: strerror(errorNumber)))
    }
  }

  /// Ends the process without a word, as programs do whose reader has read enough: `mnist-train | head -1`.
  private static func endByBrokenPipe() -> Never {
    func end() -> Never {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      _exit(ExitStatus.inputOutput.rawValue)
    }
    UnfinishedOutputs.removeAll(then: end)
  }

  /// Writes one line, on which characters that cannot be shown are escaped.
  package static func line(_ text: String = "") throws(FileError) {
    try lines([text])
  }

  /// Writes lines, escaped like ``line(_:)``, in one piece: a reader that wants only the first one gets all of them before
  /// it can leave.
  package static func lines(_ texts: [String]) throws(FileError) {
    try write(texts.map { $0.escapedForDisplay + "\n" }.joined())
  }
}
