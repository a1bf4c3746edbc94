#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

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
