private import Synchronization

/// Where the calls that a run of a ``WorkerPool`` makes wait for each other, again and again: far cheaper than to begin a new run.
///
/// What each wrote before it came is there for all when they go on. All of them have to be running at the same time, which
/// a pool sees to where it ``WorkerPool/hasAllThreads``.
package final class Rendezvous: @unchecked Sendable {
  // Sendable is sound as there are only atomic counters, each written by one worker.

  private let workerCount: Int
  /// For each worker how often it came. They lie two cache lines apart, as some processors fetch lines in pairs.
  private let arrivals: UnsafeMutablePointer<Atomic<Int>>
  private static let stride = 128 / MemoryLayout<Atomic<Int>>.stride

  /// How often a worker looks for the others before it lets threads go first that wait for a processor.
  private static let lookCount = 4000

  package init(workerCount: Int) {
    self.workerCount = workerCount
    arrivals = .allocate(capacity: workerCount * Self.stride)
    for place in 0..<workerCount * Self.stride { (arrivals + place).initialize(to: Atomic(0)) }
  }

  deinit {
    arrivals.deinitialize(count: workerCount * Self.stride)
    arrivals.deallocate()
  }

  /// Waits until all workers have come as often as this one, this time included.
  ///
  /// - Parameter sideWork: does a piece of other work meanwhile; its answer is whether there was one.
  package func wait(_ worker: Int, sideWork: () -> Bool = { false }) {
    arrive(worker)
    waitForOthers(worker, sideWork: sideWork)
  }

  /// Tells the others that this worker came. It may do something of its own before it waits for them.
  package func arrive(_ worker: Int) {
    let own = arrivals + worker * Self.stride
    own.pointee.store(own.pointee.load(ordering: .relaxed) + 1, ordering: .releasing)
  }

  /// Waits until all workers have come as often as this one. `sideWork` is as in ``wait(_:sideWork:)``.
  package func waitForOthers(_ worker: Int, sideWork: () -> Bool = { false }) {
    let count = arrivals[worker * Self.stride].load(ordering: .relaxed)
    for other in 0..<workerCount where other != worker {
      var wait = SpinWait(looksLeft: Self.lookCount)
      while arrivals[other * Self.stride].load(ordering: .acquiring) < count {
        if !sideWork() { wait.pause() }
      }
    }
  }
}

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
    var wait = SpinWait(looksLeft: Self.lookCount)
    while !tryLock() { wait.pause() }
  }

  package func unlock() { isLocked.store(false, ordering: .releasing) }
}
