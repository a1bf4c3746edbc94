internal import CKernels
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

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
    var looks = 0
    while !tryLock() {
      looks += 1
      if looks < Self.lookCount { mnist_pause() } else { sched_yield() }
    }
  }

  package func unlock() { isLocked.store(false, ordering: .releasing) }
}
