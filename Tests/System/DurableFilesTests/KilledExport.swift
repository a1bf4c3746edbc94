import DurableFiles
import Foundation

/// What a test and the process that it starts and sees killed have to agree on.
enum KilledExport {
  static var process: Int32 { getpid() }
  static var parentProcess: Int32 { getppid() }

  /// The folder that the killed process was about to make.
  static func path(parent: Int32) -> String {
    FileManager.default.temporaryDirectory.appending(path: "mnist-toolkit-killed-\(parent)/set").path
  }

  /// Kills this process as no handler can prevent.
  static func killThisProcess() {
    kill(getpid(), SIGKILL)
    while true { sleep(1) }
  }

  static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
