private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The registry of this process's unfinished outputs. Each of these outputs has a ``TemporaryName``.
///
/// Creating, renaming and removing an output requires the lock of the registry. A process that is about to end holds
/// this lock while it removes its unfinished outputs. Other threads may still be working. Each output is therefore
/// either complete under its final name or removed.
package enum UnfinishedOutputs {
  private struct State {
    var paths: Set<String> = []
    var committedCount = 0
  }

  private static let state = Mutex(State())

  /// The number of outputs of this process that already have their final names.
  package static var committedCount: Int { state.withLock { $0.committedCount } }

  /// Creates an output under a temporary name and adds the name to the registry. ``forget(_:)`` removes the name.
  ///
  /// - Parameter create: Creates and locks the file or folder.
  static func begin<Result: Sendable>(
    _ name: TemporaryName, create: () throws(FileError) -> Result
  ) throws(FileError) -> Result {
    try state.withLock { state throws(FileError) in
      let result = try create()
      state.paths.insert(name.path)
      return result
    }
  }

  /// Calls `body`, which changes files. The process cannot be ended during the call. Use this method for steps that
  /// must not be interrupted.
  static func change<Result: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { _ throws(Failure) in try body() }
  }

  /// Gives an output its final name and counts it.
  ///
  /// - Parameter rename: Renames the output. Returns 0, or the error number.
  static func commit(rename: () -> Int32) -> Int32 {
    state.withLock { state in
      let errorNumber = rename()
      if errorNumber == 0 { state.committedCount += 1 }
      return errorNumber
    }
  }

  /// Removes an output from the registry. Call this method when nothing exists under the temporary name.
  static func forget(_ name: TemporaryName) {
    state.withLock { _ = $0.paths.remove(name.path) }
  }

  /// Removes all unfinished outputs, and then calls `task`, which ends the process.
  ///
  /// During this call, no other thread can create or rename an output. A thread that tries to do so waits until the
  /// process ends.
  package static func removeAll(then task: () -> Never) -> Never {
    state.withLock { state in
      remove(state.paths)
      task()
    }
  }

  /// Calls ``removeAll(then:)`` if the number of committed outputs is still `committedCount`. Otherwise does nothing.
  package static func removeAll(ifCommitted committedCount: Int, then task: () -> Never) {
    state.withLock { state in
      guard state.committedCount == committedCount else { return }
      remove(state.paths)
      task()
    }
  }

  private static func remove(_ paths: Set<String>) {
    for path in paths {
      // Another thread may still be writing into the folder, so removing the folder may need several attempts.
      for _ in 0..<1000 where FilePaths.exists(path) {
        FilePaths.remove(path)
        if FilePaths.exists(path) { usleep(1000) }
      }
    }
  }
}

/// The hidden temporary name of an unfinished output: `.NAME.mnist-NUMBER.partial`, in the folder of its final path.
///
/// The writing process locks the output. The lock ends when the process ends or is killed, even on another machine or
/// in another container. Another process can therefore recognise a leftover and remove it.
package struct TemporaryName {
  private static let mark = ".mnist-"
  private static let suffix = ".partial"
  private static let digitCount = 16

  let path: String

  /// Chooses an unused temporary name in the folder of a path.
  init(for path: String) {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    let number = String(repeating: "0", count: Self.digitCount - digits.count) + digits
    // File systems allow names of 255 bytes, so a long file name is shortened.
    var start = FilePaths.name(of: path)
    while start.utf8.count > 150 { start.removeLast() }
    self.path = FilePaths.join(FilePaths.parent(of: path), "." + start + Self.mark + number + Self.suffix)
  }

  /// Returns whether a name has the format of a temporary name.
  package static func matches(_ name: String) -> Bool {
    guard name.hasPrefix("."), name.hasSuffix(suffix) else { return false }
    let end = name.dropLast(suffix.count)
    return end.dropLast(digitCount).hasSuffix(mark) && end.suffix(digitCount).allSatisfy(\.isHexDigit)
  }

  /// Removes the unfinished outputs of killed processes from a folder.
  static func removeLeftovers(in folder: String) {
    for name in (try? FilePaths.names(in: folder)) ?? [] where matches(name) {
      let path = FilePaths.join(folder, name)
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      // Locking fails if another process is writing the output. It also fails if the file system has no locks.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { FilePaths.remove(path) }
      close(descriptor)
    }
  }
}
