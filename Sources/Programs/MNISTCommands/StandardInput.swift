internal import DurableFiles
internal import Foundation

/// The data that is piped into a program.
enum StandardInput {
  /// How messages name it.
  static let name = "standard input"

  /// Reads all bytes to the end, at most `maximumByteCount` of them.
  ///
  /// - Parameter accepts: judges the first 16 bytes. If it returns false, they are all that is read and returned.
  static func read(
    maximumByteCount: Int, accepting accepts: (_ beginning: [UInt8]) -> Bool
  ) throws(CommandFailure) -> [UInt8] {
    do throws(FileError) {
      return try DurableFile.read(
        descriptor: STDIN_FILENO, named: name, maximumByteCount: maximumByteCount, accepting: accepts)
    } catch {
      throw CommandFailure(error)
    }
  }
}
