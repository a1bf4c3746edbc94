private import Synchronization

/// A barrier at which all calls of a ``WorkerPool`` run wait for each other. It can be used many times in a run.
///
/// A barrier is much faster than a new run. After it, each worker sees everything that the other workers wrote before.
/// All workers must run at the same time, which is possible only if ``WorkerPool/hasAllThreads`` is true.
package final class Rendezvous: @unchecked Sendable {
  // `Sendable` is unchecked: the only shared state is atomic counters, each of which is written by one worker.

  private let workerCount: Int
  /// The number of arrivals of each worker, `[workerCount]`.
  ///
  /// Elements are two cache lines apart, because some processors load lines in pairs.
  private let arrivals: UnsafeMutablePointer<Atomic<Int>>
  private static let stride = 128 / MemoryLayout<Atomic<Int>>.stride

  /// The number of times that a worker polls before it lets other threads use its processor.
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

  /// Waits until all workers have arrived as often as this one, including this arrival.
  ///
  /// - Parameter sideWork: Does a piece of other work while the worker waits, and returns whether there was a piece.
  package func wait(_ worker: Int, sideWork: () -> Bool = { false }) {
    arrive(worker)
    waitForOthers(worker, sideWork: sideWork)
  }

  /// Reports the arrival of a worker without waiting. The worker may do other work before
  /// ``waitForOthers(_:sideWork:)``.
  package func arrive(_ worker: Int) {
    let own = arrivals + worker * Self.stride
    own.pointee.store(own.pointee.load(ordering: .relaxed) + 1, ordering: .releasing)
  }

  /// Waits until all workers have arrived as often as this one.
  ///
  /// - Parameter sideWork: Does a piece of other work while the worker waits, and returns whether there was a piece.
  package func waitForOthers(_ worker: Int, sideWork: () -> Bool = { false }) {
    let count = arrivals[worker * Self.stride].load(ordering: .relaxed)
    for other in 0..<workerCount where other != worker {
      var wait = SpinWait(pollsLeft: Self.pollCount)
      while arrivals[other * Self.stride].load(ordering: .acquiring) < count {
        if !sideWork() { wait.pause() }
      }
    }
  }
}

/// A lock that is usually free and that a thread keeps only for microseconds.
package final class TryLock: Sendable {
  private let isLocked = Atomic<Bool>(false)

  /// The number of times that a thread polls before it lets other threads, such as the lock's owner, use its processor.
  private static let pollCount = 1000

  package init() {}

  /// Takes the lock if it is free, and returns whether it was free.
  package func tryLock() -> Bool {
    !isLocked.load(ordering: .relaxed)
      && isLocked.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Waits until the lock is free and takes it.
  package func lock() {
    var wait = SpinWait(pollsLeft: Self.pollCount)
    while !tryLock() { wait.pause() }
  }

  package func unlock() { isLocked.store(false, ordering: .releasing) }
}
