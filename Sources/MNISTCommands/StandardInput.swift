internal import DurableFiles
internal import Foundation

/// What is piped into a program.
enum StandardInput {
  /// More than any file that a program reads whole from here has.
  static let maximumByteCount = 1 << 30

  /// All bytes to the end.
  static func read() throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      while let piece = try FileHandle.standardInput.read(upToCount: 1 << 16), !piece.isEmpty {
        bytes += piece
        guard bytes.count <= maximumByteCount else {
          throw CommandFailure(.badData, "standard input: expected at most \(maximumByteCount) bytes")
        }
      }
    } catch {
      throw error as? CommandFailure ?? CommandFailure(.inputOutput, "standard input: it cannot be read")
    }
    return bytes
  }
}
