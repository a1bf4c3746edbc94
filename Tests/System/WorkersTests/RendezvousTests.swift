import Synchronization
import Testing
import Workers

@Suite struct RendezvousTests {
  @Test(
    "no worker passes the barrier before all workers have arrived, and each worker then sees all writes",
    arguments: [1, 2, 3, 8])
  func together(_ workerCount: Int) {
    let pool = WorkerPool(threadCount: workerCount)
    #expect(pool.hasAllThreads)
    let rendezvous = Rendezvous(workerCount: workerCount)
    // Rounds use two arrays in turn. A worker may write the next numbers while other workers still read the previous
    // numbers.
    nonisolated(unsafe) let written = UnsafeMutablePointer<Int>.allocate(capacity: 2 * workerCount)
    written.initialize(repeating: -1, count: 2 * workerCount)
    defer { written.deallocate() }
    let wrong = Atomic<Int>(0)
    for run in 0..<5 {
      pool.run { worker in
        for round in run * 200..<(run + 1) * 200 {
          let numbers = written + round % 2 * workerCount
          numbers[worker] = round
          rendezvous.arrive(worker)
          rendezvous.waitForOthers(worker)
          for other in 0..<workerCount where numbers[other] != round { wrong.add(1, ordering: .relaxed) }
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}

@Suite struct TryLockTests {
  @Test("only one thread at a time has the lock", arguments: [1, 2, 8])
  func exclusion(_ threadCount: Int) {
    let (pool, lock) = (WorkerPool(threadCount: threadCount), TryLock())
    // These counters are not atomic. If two threads had the lock at the same time, some increments would be lost.
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

  @Test("a lock cannot be taken again until it is unlocked")
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
