internal import DisplayText
internal import DurableFiles
internal import Foundation

/// Standard output, for a command's results. Its functions throw where a full disk or a closed pipe loses them, as `print`
/// does not.
package enum StandardOutput {
  /// Writes text as it is: the caller has escaped what comes from outside.
  ///
  /// - Throws: The failure to write; after a signal, whose reader may have had it too, the signal's.
  package static func write(_ text: String) throws(CommandFailure) {
    let errorNumber = write(text, to: STDOUT_FILENO)
    guard errorNumber == 0 else {
      if Interruption.signal != nil { throw Interruption.failure("interrupted while the results were written") }
      if errorNumber == EPIPE { endByBrokenPipe() }
      throw CommandFailure(.inputOutput, "standard output: cannot write: \(String(cString: strerror(errorNumber)))")
    }
  }

  /// Writes text to an open file, a pipe or a terminal. While a reader takes nothing, a signal ends the wait.
  ///
  /// - Returns: 0, or the error number; EINTR where a signal ended the wait.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&place, 1, 100) == 0 {
          if Interruption.signal != nil { return EINTR }
          continue
        }
        // As much as a pipe that is ready takes without a wait.
        let piece = rest.prefix(Int(PIPE_BUF))
        let errorNumber = writeAll(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece)), to: descriptor)
        guard errorNumber == 0 else { return errorNumber }
        rest = rest.dropFirst(piece.count)
      }
      return 0
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
  package static func line(_ text: String) throws(CommandFailure) {
    try lines([text])
  }

  /// Writes lines, escaped like ``line(_:)``, in one piece: a reader that wants only the first one gets all of them before
  /// it can leave.
  package static func lines(_ texts: [String]) throws(CommandFailure) {
    try write(texts.map { $0.escapedForDisplay + "\n" }.joined())
  }
}

/// Progress and remarks, on standard error; silent when they are not wanted.
package struct StatusOutput {
  package let isQuiet: Bool

  /// Remarks, or none.
  package init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Writes one line, on which characters that cannot be shown are escaped. The line begins below a live drawing that is
  /// still on the screen.
  package func line(_ text: String) {
    if !isQuiet {
      write(LiveDrawing.lineBreak() + text.shortenedForDisplay(to: CommandFailure.maximumMessageCount) + "\n")
    }
  }

  /// Writes text as it is, such as a live drawing's control sequences. Nothing depends on the text, so a failure to write it
  /// is ignored.
  package func write(_ text: String) {
    if !isQuiet { _ = StandardOutput.write(text, to: STDERR_FILENO) }
  }
}
