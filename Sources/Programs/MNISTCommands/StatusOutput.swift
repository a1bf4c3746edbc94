internal import DisplayText
internal import DurableFiles
internal import Foundation

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
