internal import DurableFiles
internal import Foundation

/// Progress and remarks, on standard error; silent when they are not wanted.
package struct Remarks {
  package let isQuiet: Bool

  /// Remarks, or none.
  package init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// One line.
  package func line(_ text: String) {
    write(text + "\n")
  }

  /// Text as it is. Nothing depends on it, so that it is no error where it cannot be written.
  package func write(_ text: String) {
    var text = text
    if !isQuiet { _ = text.withUTF8 { DurableFile.writeAll($0, to: STDERR_FILENO) } }
  }
}
