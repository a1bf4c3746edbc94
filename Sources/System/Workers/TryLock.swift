private import Synchronization

/// A lock that is most often free, and held for microseconds.
package final class TryLock: Sendable {
  private let isLocked = Atomic<Bool>(false)

  /// How often a thread looks again before it lets others go first that wait for a processor: the holder may be one.
  private static let lookCount = 1000

  package init() {}

  /// Takes the lock if it is free.
  package func tryLock() -> Bool {
    !isLocked.load(ordering: .relaxed)
      && isLocked.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Waits for the lock and takes it.
  package func lock() {
    var wait = SpinWait(lookCount: Self.lookCount)
    while !tryLock() { wait.pause() }
  }

  package func unlock() { isLocked.store(false, ordering: .releasing) }
}
