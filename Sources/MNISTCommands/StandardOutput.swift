internal import DurableFiles

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Musl)
  private import Musl
#else
  private import Glibc
#endif

/// The results' way out. Unlike `print`, it notices when the disk behind it is full.
enum StandardOutput {
  /// Writes text as it is.
  static func write(_ text: String) throws(FileError) {
    var text = text
    let errorNumber: Int32 = text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let written = Self.systemWrite(STDOUT_FILENO, bytes.baseAddress! + done, bytes.count - done)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return errno }
        done += written
      }
      return 0
    }
    guard errorNumber == 0 else {
      throw FileError(
        kind: .failed, path: "standard output", action: "cannot write", reason: String(cString: strerror(errorNumber)))
    }
  }

  /// Writes one line.
  static func line(_ text: String = "") throws(FileError) {
    try write(text + "\n")
  }

  private static func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, buffer, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, buffer, count)
    #else
      Glibc.write(descriptor, buffer, count)
    #endif
  }
}
