#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The terminal that standard error or standard output is connected to.
package enum Terminal {
  /// Whether standard error is a terminal that can show live drawings.
  package static var showsLiveDrawings: Bool {
    isatty(STDERR_FILENO) == 1 && obeysControlSequences(type: getenv("TERM").map { String(cString: $0) })
  }

  /// Returns whether a terminal obeys control sequences.
  ///
  /// - Parameter type: The terminal's type from the variable `TERM`. A terminal without a type, or of the type `dumb`,
  ///   does not obey control sequences.
  package static func obeysControlSequences(type: String?) -> Bool {
    guard let type else { return false }
    return !type.isEmpty && type != "dumb"
  }

  /// The width of standard error's terminal in characters, and its height in lines. If the size is unknown, the width
  /// is 80 and the height is 24.
  package static var size: (width: Int, height: Int) { size(of: STDERR_FILENO) }

  /// Whether standard output is a terminal, on which pictures can be drawn.
  package static var isStandardOutputATerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The width of standard output's terminal in characters; 80 if it is unknown.
  package static var standardOutputWidth: Int { size(of: STDOUT_FILENO).width }

  private static func size(of descriptor: Int32) -> (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return (80, 24) }
    return (size.ws_col > 0 ? Int(size.ws_col) : 80, size.ws_row > 0 ? Int(size.ws_row) : 24)
  }
}
