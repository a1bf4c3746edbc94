internal import CKernels
internal import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Where a pool's work is posted, and its workers report that they are done.
final class Board: @unchecked Sendable {
  /// How often a worker looks for new work before it sleeps.
  private let spinCount: Int

  /// Written before `posts` is raised and read after it was seen raised, which orders the two. Nil ends the workers.
  private var body: ((Int) -> Void)?
  private let posts = Atomic<Int>(0)
  private let workersLeft = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let posted: UnsafeMutablePointer<pthread_cond_t>

  init(spinCount: Int) {
    self.spinCount = spinCount
    mutex = .allocate(capacity: 1)
    posted = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(posted, nil)
  }

  deinit {
    pthread_cond_destroy(posted)
    pthread_mutex_destroy(mutex)
    posted.deallocate()
    mutex.deallocate()
  }

  /// Gives all workers something to do; nil ends them.
  func post(_ body: ((Int) -> Void)?, workerCount: Int) {
    self.body = body
    workersLeft.store(workerCount, ordering: .relaxed)
    // A worker counts itself among the sleepers before it looks at `posts` for the last time, and this looks at the
    // sleepers after it has raised `posts`: one of the two sees the other.
    posts.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(posted)
      pthread_mutex_unlock(mutex)
    }
  }

  /// Returns when all workers have done what was posted last.
  func waitForWorkers() {
    var looks = 0
    while workersLeft.load(ordering: .acquiring) > 0 {
      looks += 1
      if looks < spinCount { mnist_pause() } else { sched_yield() }
    }
    body = nil
  }

  /// A worker's life: waits, works, reports.
  func work(as worker: Int) {
    var seen = 0
    while true {
      waitForPost(after: seen)
      seen += 1
      guard perform(as: worker) else { return }
      workersLeft.subtract(1, ordering: .releasing)
    }
  }

  /// A call of its own, so that the worker holds nothing of what was posted once it reports.
  @inline(never)
  private func perform(as worker: Int) -> Bool {
    guard let body else { return false }
    body(worker)
    return true
  }

  private func waitForPost(after seen: Int) {
    for _ in 0..<spinCount {
      if posts.load(ordering: .acquiring) > seen { return }
      mnist_pause()
    }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while posts.load(ordering: .sequentiallyConsistent) <= seen { pthread_cond_wait(posted, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
