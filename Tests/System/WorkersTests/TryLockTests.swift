import Testing
import Workers

@Suite struct TryLockTests {
  @Test("one thread at a time has the lock", arguments: [1, 2, 8])
  func exclusion(_ threadCount: Int) {
    let (pool, lock) = (WorkerPool(threadCount: threadCount), TryLock())
    // Not atomic: two at once would lose some.
    nonisolated(unsafe) var (waitedCount, triedCount) = (0, 0)
    nonisolated(unsafe) let taken = UnsafeMutablePointer<Int>.allocate(capacity: threadCount)
    taken.initialize(repeating: 0, count: threadCount)
    defer { taken.deallocate() }
    pool.run { worker in
      for _ in 0..<2000 {
        lock.lock()
        waitedCount += 1
        lock.unlock()
        guard lock.tryLock() else { continue }
        triedCount += 1
        taken[worker] += 1
        lock.unlock()
      }
    }
    #expect(waitedCount == 2000 * threadCount)
    #expect(triedCount == (0..<threadCount).map { taken[$0] }.reduce(0, +))
    if threadCount == 1 { #expect(triedCount == 2000) }
  }

  @Test("a lock that is taken is refused until it is given back")
  func refusal() {
    let lock = TryLock()
    #expect(lock.tryLock())
    #expect(!lock.tryLock())
    lock.unlock()
    #expect(lock.tryLock())
    lock.unlock()
    lock.lock()
    #expect(!lock.tryLock())
    lock.unlock()
  }
}
