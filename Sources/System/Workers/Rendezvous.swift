private import Synchronization

/// A barrier at which the workers of a ``WorkerPool`` wait for each other. Workers can use it many times in a run.
///
/// Waiting at a barrier is much faster than starting a new run. After the barrier, each worker sees everything that the
/// other workers wrote before the barrier. All workers must run at the same time, which is possible only if
/// ``WorkerPool/hasAllThreads`` is true.
package final class Rendezvous: @unchecked Sendable {
  // `Sendable` is unchecked. The only shared state is atomic counters, and only one worker writes each counter.

  private let workerCount: Int
  /// The number of arrivals of each worker at the barrier, `[workerCount]`.
  ///
  /// Neighbouring elements are two cache lines apart, because some processors load cache lines in pairs.
  private let arrivals: UnsafeMutablePointer<Atomic<Int>>
  private static let stride = 128 / MemoryLayout<Atomic<Int>>.stride

  /// The number of polls after which a waiting worker lets other threads use its processor.
  private static let pollCount = 4000

  package init(workerCount: Int) {
    self.workerCount = workerCount
    arrivals = .allocate(capacity: workerCount * Self.stride)
    for place in 0..<workerCount * Self.stride { (arrivals + place).initialize(to: Atomic(0)) }
  }

  deinit {
    arrivals.deinitialize(count: workerCount * Self.stride)
    arrivals.deallocate()
  }

  /// Reports that a worker has arrived, without waiting. The worker may do other work before
  /// ``waitForOthers(_:)``.
  package func arrive(_ worker: Int) {
    let own = arrivals + worker * Self.stride
    own.pointee.store(own.pointee.load(ordering: .relaxed) + 1, ordering: .releasing)
  }

  /// Waits until every other worker has arrived as often as this worker.
  package func waitForOthers(_ worker: Int) {
    let count = arrivals[worker * Self.stride].load(ordering: .relaxed)
    for other in 0..<workerCount where other != worker {
      var wait = SpinWait(pollsLeft: Self.pollCount)
      while arrivals[other * Self.stride].load(ordering: .acquiring) < count { wait.pause() }
    }
  }
}

/// A lock that is usually free. A thread keeps the lock only for microseconds.
package final class TryLock: Sendable {
  private let isLocked = Atomic<Bool>(false)

  /// The number of polls after which a waiting thread lets other threads use its processor.
  private static let pollCount = 1000

  package init() {}

  /// Takes the lock if the lock is free. Returns whether this thread now has the lock.
  package func tryLock() -> Bool {
    !isLocked.load(ordering: .relaxed)
      && isLocked.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Waits until the lock is free, and then takes the lock.
  package func lock() {
    var wait = SpinWait(pollsLeft: Self.pollCount)
    while !tryLock() { wait.pause() }
  }

  package func unlock() { isLocked.store(false, ordering: .releasing) }
}
