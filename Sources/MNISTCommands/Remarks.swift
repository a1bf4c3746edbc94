internal import DurableFiles
internal import Foundation

/// Progress and remarks, on standard error; silent when they are not wanted.
struct Remarks {
  let isQuiet: Bool

  /// One line.
  func line(_ text: String) {
    write(text + "\n")
  }

  /// Text as it is. Nothing depends on it, so that it is no error where it cannot be written.
  func write(_ text: String) {
    var text = text
    if !isQuiet { _ = text.withUTF8 { DurableFile.writeAll($0, to: STDERR_FILENO) } }
  }
}
