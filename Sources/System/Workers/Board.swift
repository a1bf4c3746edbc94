internal import CSystemCalls
internal import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Where a pool's work is posted, in as many shares as there are workers, and where they report what is done.
///
/// A worker takes its own share, which keeps data in its core's cache, and then those that nobody has taken yet: where the
/// system gives a worker no processor for a while, the others need not wait for it.
final class Board: @unchecked Sendable {
  // Sendable is sound as `body` and `sideWork` are the only plain variables, and the atomic ones order who writes and reads
  // them.

  private let shareCount: Int
  /// How often a worker looks for new work before it sleeps.
  private let spinCount: Int

  /// What is called for a thread's number or a share's, without references being counted: all threads would do that in one
  /// place, each time they look whether there is work.
  private final class Work<Result> {
    let body: (Int) -> Result
    init(_ body: @escaping (Int) -> Result) { self.body = body }
  }

  /// Written before `posts` is raised, and read only by who has taken a share of that post, which orders the two.
  private var body: Unmanaged<Work<Void>>?
  private let posts = Atomic<Int>(0)
  private let sharesLeft = Atomic<Int>(0)
  private let isClosed = Atomic<Bool>(false)
  /// For each share the number of the post for which it was taken last. They lie a cache line apart.
  private let taken: UnsafeMutablePointer<Atomic<Int>>
  private static let stride = 64 / MemoryLayout<Atomic<Int>>.stride

  /// A piece of side work, for a thread's number; false where none is left. Set and cleared by the caller, and called by a
  /// worker only within a share of the caller's work, or where it has announced itself before it saw the gate open.
  private var sideWork: Unmanaged<Work<Bool>>?
  private let hasSideWork = Atomic<Bool>(false)
  /// For each worker whether it may be at side work. They lie a cache line apart, as above.
  private let isAtSideWork: UnsafeMutablePointer<Atomic<Int>>

  private let sleepers = Atomic<Int>(0)
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let posted: UnsafeMutablePointer<pthread_cond_t>

  init(shareCount: Int, spinCount: Int) {
    self.shareCount = shareCount
    self.spinCount = spinCount
    taken = .allocate(capacity: shareCount * Self.stride)
    isAtSideWork = .allocate(capacity: shareCount * Self.stride)
    for place in 0..<shareCount * Self.stride {
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
      places.deinitialize(count: shareCount * Self.stride)
      places.deallocate()
    }
  }

  /// Has all shares of some work done, some of them by the caller.
  func run(_ body: @escaping (Int) -> Void) {
    let work = Work(body)
    self.body = .passUnretained(work)
    sharesLeft.store(shareCount, ordering: .relaxed)
    takeShares(of: raisePosts(), first: 0)
    var wait = SpinWait(looksLeft: spinCount)
    while sharesLeft.load(ordering: .acquiring) > 0 {
      if !performSideWork(0) { wait.pause() }
    }
    self.body = nil
    withExtendedLifetime(work) {}
  }

  /// Has side work done by whoever waits while `body` runs.
  func run(alongside sideWork: @escaping (Int) -> Bool, _ body: () -> Void) {
    let work = Work(sideWork)
    self.sideWork = .passUnretained(work)
    hasSideWork.store(true, ordering: .sequentiallyConsistent)
    body()
    // A worker announces itself before it looks at the gate, and this looks for workers after it has closed the gate: one of
    // the two sees the other.
    hasSideWork.store(false, ordering: .sequentiallyConsistent)
    for worker in 1..<shareCount {
      var wait = SpinWait(looksLeft: spinCount)
      while isAtSideWork[worker * Self.stride].load(ordering: .sequentiallyConsistent) != 0 { wait.pause() }
    }
    self.sideWork = nil
    withExtendedLifetime(work) {}
  }

  /// Does pieces of side work until there is none, or there is a post to take shares of.
  private func doSideWork(as worker: Int, after seen: Int) {
    guard hasSideWork.load(ordering: .relaxed) else { return }
    let announcement = isAtSideWork + worker * Self.stride
    announcement.pointee.store(1, ordering: .sequentiallyConsistent)
    defer { announcement.pointee.store(0, ordering: .releasing) }
    guard hasSideWork.load(ordering: .sequentiallyConsistent) else { return }
    while posts.load(ordering: .acquiring) == seen, hasSideWork.load(ordering: .relaxed), performSideWork(worker) {}
  }

  /// Does a piece of side work, if there is one, within a share of the work that it goes with.
  ///
  /// A call of its own, so that nothing holds what was set when the worker is no longer announced.
  @inline(never)
  func performSideWork(_ worker: Int) -> Bool {
    sideWork?._withUnsafeGuaranteedRef { $0.body(worker) } ?? false
  }

  /// Ends the workers.
  func close() {
    isClosed.store(true, ordering: .releasing)
    _ = raisePosts()
  }

  /// A worker's life: it waits, and takes shares.
  func work(as worker: Int) {
    var seen = 0
    while true {
      seen = waitForPost(as: worker, after: seen)
      if isClosed.load(ordering: .acquiring) { return }
      takeShares(of: seen, first: worker)
    }
  }

  /// Makes the latest post known. Returns its number.
  private func raisePosts() -> Int {
    // A worker counts itself among the sleepers before it looks at `posts` for the last time, and this looks at the
    // sleepers after it has raised `posts`: one of the two sees the other.
    let number = posts.add(1, ordering: .sequentiallyConsistent).newValue
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(posted)
      pthread_mutex_unlock(mutex)
    }
    return number
  }

  /// Does a share, and those after it that nobody has taken. Where a post is over by now, all of its shares are taken.
  private func takeShares(of number: Int, first: Int) {
    for offset in 0..<shareCount {
      let share = (first + offset) % shareCount
      let (isTaken, _) = taken[share * Self.stride].compareExchange(
        expected: number - 1, desired: number, ordering: .acquiringAndReleasing)
      guard isTaken else { continue }
      perform(share)
      if sharesLeft.subtract(1, ordering: .releasing).newValue == 0 { return }
    }
  }

  /// A call of its own, so that nothing holds what was posted when a share is reported.
  @inline(never)
  private func perform(_ share: Int) { body?._withUnsafeGuaranteedRef { $0.body(share) } }

  /// Returns the latest post's number.
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

/// How a thread waits for what another one is about to write: it looks again and again, and after so many looks it lets threads
/// go first that wait for a processor, as the other one may be among them.
struct SpinWait {
  var looksLeft: Int

  /// To be called after each look that found nothing.
  mutating func pause() {
    if looksLeft > 0 {
      looksLeft -= 1
      mnist_pause()
    } else {
      sched_yield()
    }
  }
}
