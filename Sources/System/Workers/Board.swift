internal import CSystemCalls
internal import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A board on which a pool posts its runs and on which the workers report finished tasks.
///
/// Each run has one task for each worker. A worker first takes its own task, which keeps data in its core's cache. Then
/// it takes tasks that no other worker has taken. The other workers therefore need not wait for a worker that gets no
/// processor for a while.
final class Board: @unchecked Sendable {
  // `Sendable` is unchecked. `body` and `sideWork` are the only plain variables, and the atomic variables order all
  // accesses to both.

  private let taskCount: Int
  /// The number of times that a worker polls for a new run before it sleeps.
  private let spinCount: Int

  /// A closure whose argument is the number of a thread or a task. Calling the closure does no reference counting.
  ///
  /// Reference counting would be slow, because all threads would change the same counter each time they look for work.
  private final class Work<Result> {
    let body: (Int) -> Result
    init(_ body: @escaping (Int) -> Result) { self.body = body }
  }

  /// The closure for the tasks of the latest run.
  ///
  /// The closure is written before `posts` is increased. A thread reads it only after taking a task of the run. The
  /// write therefore happens before each read.
  private var body: Unmanaged<Work<Void>>?
  private let posts = Atomic<Int>(0)
  private let tasksLeft = Atomic<Int>(0)
  private let isClosed = Atomic<Bool>(false)
  /// The number of the run in which each task was last taken, `[taskCount]`. Neighbouring elements are one cache line
  /// apart.
  private let taken: UnsafeMutablePointer<Atomic<Int>>
  private static let stride = 64 / MemoryLayout<Atomic<Int>>.stride

  /// The closure that does one piece of side work. Its argument is the number of a thread. It returns false if no piece
  /// is left.
  ///
  /// The thread that calls ``run(alongside:_:)`` sets and clears the closure. A worker may call the closure in two
  /// cases: inside a task of the current run, or after it has set its flag in `isAtSideWork` and then found
  /// `hasSideWork` true.
  private var sideWork: Unmanaged<Work<Bool>>?
  private let hasSideWork = Atomic<Bool>(false)
  /// A flag for each worker. It is 1 while the worker may be doing side work. Neighbouring elements are one cache line
  /// apart.
  private let isAtSideWork: UnsafeMutablePointer<Atomic<Int>>

  private let sleepers = Atomic<Int>(0)
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let posted: UnsafeMutablePointer<pthread_cond_t>

  init(taskCount: Int, spinCount: Int) {
    self.taskCount = taskCount
    self.spinCount = spinCount
    taken = .allocate(capacity: taskCount * Self.stride)
    isAtSideWork = .allocate(capacity: taskCount * Self.stride)
    for place in 0..<taskCount * Self.stride {
      (taken + place).initialize(to: Atomic(0))
      (isAtSideWork + place).initialize(to: Atomic(0))
    }
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
    for places in [taken, isAtSideWork] {
      places.deinitialize(count: taskCount * Self.stride)
      places.deallocate()
    }
  }

  /// Runs all tasks and returns when they are done. The calling thread also runs tasks.
  func run(_ body: @escaping (Int) -> Void) {
    let work = Work(body)
    self.body = .passUnretained(work)
    tasksLeft.store(taskCount, ordering: .relaxed)
    takeTasks(of: raisePosts(), first: 0)
    var wait = SpinWait(pollsLeft: spinCount)
    while tasksLeft.load(ordering: .acquiring) > 0 {
      if !performSideWork(0) { wait.pause() }
    }
    self.body = nil
    withExtendedLifetime(work) {}
  }

  /// Runs `body`. During this time, waiting threads do side work.
  func run(alongside sideWork: @escaping (Int) -> Bool, _ body: () -> Void) {
    let work = Work(sideWork)
    self.sideWork = .passUnretained(work)
    hasSideWork.store(true, ordering: .sequentiallyConsistent)
    body()
    // A worker first sets its flag and then reads `hasSideWork`. This thread first clears `hasSideWork` and then reads
    // the flags. At least one of the two threads therefore sees the other thread's write.
    hasSideWork.store(false, ordering: .sequentiallyConsistent)
    for worker in 1..<taskCount {
      var wait = SpinWait(pollsLeft: spinCount)
      while isAtSideWork[worker * Self.stride].load(ordering: .sequentiallyConsistent) != 0 { wait.pause() }
    }
    self.sideWork = nil
    withExtendedLifetime(work) {}
  }

  /// Does pieces of side work until no piece is left or a new run is posted.
  private func doSideWork(as worker: Int, after seen: Int) {
    guard hasSideWork.load(ordering: .relaxed) else { return }
    let announcement = isAtSideWork + worker * Self.stride
    announcement.pointee.store(1, ordering: .sequentiallyConsistent)
    defer { announcement.pointee.store(0, ordering: .releasing) }
    guard hasSideWork.load(ordering: .sequentiallyConsistent) else { return }
    while posts.load(ordering: .acquiring) == seen, hasSideWork.load(ordering: .relaxed), performSideWork(worker) {}
  }

  /// Does one piece of side work. Returns false if no piece was left. Only a task or a worker whose flag is set may
  /// call this method.
  ///
  /// The method is never inlined, so that the worker holds no reference to the closure after its flag is cleared.
  @inline(never)
  func performSideWork(_ worker: Int) -> Bool {
    sideWork?._withUnsafeGuaranteedRef { $0.body(worker) } ?? false
  }

  /// Ends all worker threads.
  func close() {
    isClosed.store(true, ordering: .releasing)
    _ = raisePosts()
  }

  /// Runs the loop of a worker thread. Each iteration waits for a run and takes tasks of that run.
  func work(as worker: Int) {
    var seen = 0
    while true {
      seen = waitForPost(as: worker, after: seen)
      if isClosed.load(ordering: .acquiring) { return }
      takeTasks(of: seen, first: worker)
    }
  }

  /// Posts a run and wakes sleeping workers. Returns the number of the run.
  private func raisePosts() -> Int {
    // A worker first counts itself as a sleeper and then reads `posts` once more. This thread first increases `posts`
    // and then reads `sleepers`. At least one of the two threads therefore sees the other thread's write.
    let number = posts.add(1, ordering: .sequentiallyConsistent).newValue
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(posted)
      pthread_mutex_unlock(mutex)
    }
    return number
  }

  /// Runs a worker's own task first, and then all tasks that no other worker has taken. Does nothing if the run is
  /// already over.
  private func takeTasks(of number: Int, first: Int) {
    for offset in 0..<taskCount {
      let task = (first + offset) % taskCount
      let (isTaken, _) = taken[task * Self.stride].compareExchange(
        expected: number - 1, desired: number, ordering: .acquiringAndReleasing)
      guard isTaken else { continue }
      perform(task)
      if tasksLeft.subtract(1, ordering: .releasing).newValue == 0 { return }
    }
  }

  /// Runs one task. Never inlined, so that the thread holds no reference to the closure after the task is reported as
  /// done.
  @inline(never)
  private func perform(_ task: Int) { body?._withUnsafeGuaranteedRef { $0.body(task) } }

  /// Waits for a run with a higher number than `seen`. Polls first, then sleeps. Returns the number of the latest run.
  private func waitForPost(as worker: Int, after seen: Int) -> Int {
    doSideWork(as: worker, after: seen)
    for _ in 0..<spinCount {
      let latest = posts.load(ordering: .acquiring)
      if latest > seen { return latest }
      mnist_pause()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let latest = posts.load(ordering: .sequentiallyConsistent)
      if latest > seen { return latest }
      pthread_cond_wait(posted, mutex)
    }
  }
}

/// A polling loop that waits for a value from another thread.
///
/// At first the thread only pauses between two polls. After `pollsLeft` polls, it lets other threads use its processor.
/// The thread that writes the value may need this processor.
struct SpinWait {
  var pollsLeft: Int

  /// Pauses after an unsuccessful poll.
  mutating func pause() {
    if pollsLeft > 0 {
      pollsLeft -= 1
      mnist_pause()
    } else {
      sched_yield()
    }
  }
}
