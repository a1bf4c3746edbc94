package import DurableFiles
internal import Foundation

/// The results' way out. Unlike `print`, it notices when the disk behind it is full.
package enum StandardOutput {
  /// Writes text as it is.
  package static func write(_ text: String) throws(FileError) {
    var text = text
    let errorNumber = text.withUTF8 { DurableFile.writeAll($0, to: STDOUT_FILENO) }
    guard errorNumber == 0 else {
      throw FileError(
        kind: .failed, path: "standard output", action: "cannot write", reason: String(cString: strerror(errorNumber)))
    }
  }

  /// Writes one line.
  package static func line(_ text: String = "") throws(FileError) {
    try write(text + "\n")
  }
}
