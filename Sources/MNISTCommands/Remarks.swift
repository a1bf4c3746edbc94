internal import Foundation

/// Progress and remarks, on standard error; silent when they are not wanted.
struct Remarks {
  let isQuiet: Bool

  /// One line.
  func line(_ text: String) {
    write(text + "\n")
  }

  /// Text as it is.
  func write(_ text: String) {
    if !isQuiet { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
