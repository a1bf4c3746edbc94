#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// What standard error is connected to.
package enum Terminal {
  /// Whether it is a terminal, on which a line can be written over.
  package static var isStandardErrorATerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The terminal's width in characters; 80 where it does not say.
  package static var width: Int { size.width }

  /// The terminal's characters in a line and its lines; 80 and 24 where it does not say.
  package static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
