private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The outputs that this process has begun and not yet put in place, each under a ``TemporaryName``.
///
/// Creating, renaming and removing them all take one lock. A process that is about to end can therefore remove the
/// unfinished ones while its other threads still work: each output is complete under its final name, or gone.
package enum UnfinishedOutputs {
  private struct State {
    var paths: Set<String> = []
    var committedCount = 0
  }

  private static let state = Mutex(State())

  /// The number of outputs that this process has put in place.
  package static var committedCount: Int { state.withLock { $0.committedCount } }

  /// Creates an output under its temporary name and keeps the name until ``forget(_:)``.
  ///
  /// - Parameter create: Creates the file or folder, and locks it.
  static func begin<Result: Sendable>(
    _ name: TemporaryName, create: () throws(FileError) -> Result
  ) throws(FileError) -> Result {
    try state.withLock { state throws(FileError) in
      let result = try create()
      state.paths.insert(name.path)
      return result
    }
  }

  /// Changes files while no thread can end the process, for steps that must not be cut in two.
  static func change<Result: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { _ throws(Failure) in try body() }
  }

  /// Puts an output in place.
  ///
  /// - Parameter rename: Gives it the final name. Returns 0, or the error number.
  static func commit(rename: () -> Int32) -> Int32 {
    state.withLock { state in
      let errorNumber = rename()
      if errorNumber == 0 { state.committedCount += 1 }
      return errorNumber
    }
  }

  /// Forgets an output. To be called when nothing is left under its temporary name.
  static func forget(_ name: TemporaryName) {
    state.withLock { _ = $0.paths.remove(name.path) }
  }

  /// Removes everything unfinished, then calls `task`, which ends the process. No output can be begun or put in place
  /// any more: a thread that tries waits for the end.
  package static func removeAll(then task: () -> Never) -> Never {
    state.withLock { state in
      remove(state.paths)
      task()
    }
  }

  /// Removes everything unfinished and ends the process likewise, if exactly `committedCount` outputs are in place;
  /// otherwise returns.
  package static func removeAll(ifCommitted committedCount: Int, then task: () -> Never) {
    state.withLock { state in
      guard state.committedCount == committedCount else { return }
      remove(state.paths)
      task()
    }
  }

  private static func remove(_ paths: Set<String>) {
    for path in paths {
      // Other threads may still be writing into a folder.
      for _ in 0..<1000 where FilePaths.exists(path) {
        FilePaths.remove(path)
        if FilePaths.exists(path) { usleep(1000) }
      }
    }
  }
}

/// The hidden name of an unfinished output, beside its final path: `.NAME.mnist-NUMBER.partial`.
///
/// The process that writes the output keeps it locked. What a killed process leaves is not locked any more, on whichever
/// machine or in whichever container it ran, and so the next process that writes into the folder can remove it.
package struct TemporaryName {
  private static let mark = ".mnist-"
  private static let suffix = ".partial"
  private static let digitCount = 16

  let path: String

  /// Chooses a name that nobody uses, beside a path.
  init(for path: String) {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    let number = String(repeating: "0", count: Self.digitCount - digits.count) + digits
    // Cut, so that the rest fits into the 255 bytes that file systems allow.
    var start = FilePaths.name(of: path)
    while start.utf8.count > 150 { start.removeLast() }
    self.path = FilePaths.join(FilePaths.parent(of: path), "." + start + Self.mark + number + Self.suffix)
  }

  /// Returns whether a name is one of these.
  package static func matches(_ name: String) -> Bool {
    guard name.hasPrefix("."), name.hasSuffix(suffix) else { return false }
    let end = name.dropLast(suffix.count)
    return end.dropLast(digitCount).hasSuffix(mark) && end.suffix(digitCount).allSatisfy(\.isHexDigit)
  }

  /// Removes what killed processes have left in a folder.
  static func removeLeftovers(in folder: String) {
    for name in (try? FilePaths.names(in: folder)) ?? [] where matches(name) {
      let path = FilePaths.join(folder, name)
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      // Refused where another process writes it, and by file systems without locks.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { FilePaths.remove(path) }
      close(descriptor)
    }
  }
}
