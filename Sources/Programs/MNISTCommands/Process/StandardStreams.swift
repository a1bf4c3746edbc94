internal import DisplayText
internal import DurableFiles
internal import Foundation

/// Standard output, for the results of a command.
///
/// Unlike `print`, the functions of this type report a full disk and a closed pipe.
package enum StandardOutput {
  /// Writes text without changes. The caller must already have escaped text from outside the program.
  ///
  /// - Throws: A failure if the text cannot be written. After a signal, the failure reports the signal, because the
  ///   same signal may have ended the reader.
  package static func write(_ text: String) throws(CommandFailure) {
    let errorNumber = write(text, to: STDOUT_FILENO)
    guard errorNumber == 0 else {
      if Interruption.signal != nil { throw Interruption.failure("interrupted while the results were written") }
      if errorNumber == EPIPE { endByBrokenPipe() }
      throw CommandFailure(.inputOutput, "standard output: cannot write: \(String(cString: strerror(errorNumber)))")
    }
  }

  /// Writes text to an open file, a pipe or a terminal. A signal ends the wait for a slow reader.
  ///
  /// - Returns: 0 on success, otherwise the error number. If a signal ended the wait, the error number is EINTR.
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
        // A pipe that is ready for writing accepts PIPE_BUF bytes without blocking.
        let piece = rest.prefix(Int(PIPE_BUF))
        let errorNumber = writeAll(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece)), to: descriptor)
        guard errorNumber == 0 else { return errorNumber }
        rest = rest.dropFirst(piece.count)
      }
      return 0
    }
  }

  /// Ends the process with SIGPIPE and without a message.
  ///
  /// This function is called if the reader has closed the pipe, as in `mnist-train | head -1`.
  private static func endByBrokenPipe() -> Never {
    func end() -> Never {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      _exit(ExitStatus.inputOutput.rawValue)
    }
    UnfinishedOutputs.removeAll(then: end)
  }

  /// Writes one line. Invisible characters are escaped.
  package static func line(_ text: String) throws(CommandFailure) {
    try lines([text])
  }

  /// Writes several lines at once. Invisible characters are escaped.
  ///
  /// All lines are written with one call. A reader that closes the pipe after the first line then does not end the
  /// program.
  package static func lines(_ texts: [String]) throws(CommandFailure) {
    try write(texts.map { $0.escapedForDisplay + "\n" }.joined())
  }
}

/// Progress and notes on standard error.
package struct StatusOutput {
  /// Whether progress and notes are suppressed.
  package let isQuiet: Bool

  /// Creates the output, which writes nothing if `isQuiet` is true.
  package init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Writes one line. If a live drawing is on the screen, the line appears below the drawing. Invisible characters are
  /// escaped.
  package func line(_ text: String) {
    if !isQuiet {
      write(LiveDrawing.lineBreak() + text.shortenedForDisplay(to: CommandFailure.maximumMessageCount) + "\n")
    }
  }

  /// Writes text without changes, such as the control sequences of a live drawing. Write errors are ignored, because no
  /// result is lost.
  package func write(_ text: String) {
    if !isQuiet { _ = StandardOutput.write(text, to: STDERR_FILENO) }
  }
}
