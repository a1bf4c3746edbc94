#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// What standard error and standard output are connected to.
package enum Terminal {
  /// Whether it is a terminal that can show live drawings. All live drawings depend on this alone.
  package static var showsLiveDrawings: Bool {
    isatty(STDERR_FILENO) == 1 && obeysControlSequences(type: getenv("TERM").map { String(cString: $0) })
  }

  /// Returns whether a terminal obeys control sequences, by its type in `TERM`. A terminal without a type does not.
  package static func obeysControlSequences(type: String?) -> Bool {
    guard let type else { return false }
    return !type.isEmpty && type != "dumb"
  }

  /// The terminal's width in characters; 80 where it does not say.
  package static var width: Int { size.width }

  /// The terminal's characters in a line and its lines; 80 and 24 where it does not say.
  package static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

extension Terminal {
  /// Whether standard output is a terminal, on which pictures can be drawn.
  package static var isStandardOutputATerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The width in characters of the terminal that standard output goes to; 80 where it does not say.
  package static var standardOutputWidth: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
