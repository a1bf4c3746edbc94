private import Synchronization

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A fixed number of threads that do pieces of work together, again and again, at little cost.
///
/// ```swift
/// let pool = WorkerPool(threadCount: 2)
/// pool.run { worker in
///   for index in pool.share(of: values.count, for: worker) { ... }
/// }
/// ```
///
/// The thread that calls is one of them. The others wait for work by watching memory for some microseconds before they
/// sleep, so that a call right after another costs less than a microsecond.
public final class WorkerPool: Sendable {
  /// The processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The threads that do the work, the caller's included; at least 1.
  public let threadCount: Int

  /// Whether there is a thread for each share, so that all calls of a run can be under way at the same time. The system may
  /// have refused some; then the others take over their shares.
  package let hasAllThreads: Bool

  private let board: Board
  /// Where calls of a run wait for each other; nil where they cannot all be under way, or share processors.
  private let rendezvous: Rendezvous?

  /// A pool of as many threads as the process may use processors, or of another number of them.
  ///
  /// - Precondition: `threadCount` is at least 1.
  public init(threadCount: Int = WorkerPool.processorCount) {
    precondition(threadCount >= 1, "a pool has at least one thread")
    self.threadCount = threadCount
    // Threads that share a processor must not keep it from each other by waiting.
    let hasProcessors = threadCount <= Self.processorCount
    board = Board(shareCount: threadCount, spinCount: hasProcessors ? 4000 : 0)
    var startedCount = 1
    for worker in 1..<threadCount {
      if startDetachedThread({ [board] in board.work(as: worker) }) { startedCount += 1 }
    }
    hasAllThreads = startedCount == threadCount
    rendezvous = hasAllThreads && hasProcessors ? Rendezvous(workerCount: threadCount) : nil
  }

  deinit {
    board.close()
  }

  /// Calls `body` once for each worker's number, from 0 to below ``threadCount``, and returns when all calls are done. Each
  /// thread takes its own number, and then what another one has not come to begin: what the system has put aside before it
  /// began is not waited for.
  ///
  /// One call at a time: neither from two threads nor from within `body`. What `body` touches is for the caller to divide
  /// between the workers; the compiler does not check it.
  package func run(_ body: (_ worker: Int) -> Void) {
    guard threadCount > 1 else { return body(0) }
    withoutActuallyEscaping(body) { board.run($0) }
  }

  /// Calls `first` for each worker's number, and when all of these calls are done, `second`: as two runs would, but at less cost
  /// where each thread has a processor. All threads are waited for then, also one that has not come to begin.
  package func run(_ first: (_ worker: Int) -> Void, then second: (_ worker: Int) -> Void) {
    guard let rendezvous, threadCount > 1 else {
      run(first)
      return run(second)
    }
    run { worker in
      first(worker)
      rendezvous.wait(worker) { board.performSideWork(worker) }
      second(worker)
    }
  }

  /// Calls `body`, and meanwhile has side work done by those threads that would wait for others: in its calls of ``run(_:)`` and
  /// ``run(_:then:)``, and between them for the next one.
  /// How much of it is done when this returns is not determined.
  ///
  /// - Parameters:
  ///   - sideWork: does a piece of the work for a thread's number, far smaller than what `body` posts; its answer is
  ///     whether there was one. It may be called while ``run(_:)`` calls its body for the same number.
  package func run(alongside sideWork: (_ worker: Int) -> Bool, _ body: () -> Void) {
    guard threadCount > 1 else { return body() }
    withoutActuallyEscaping(sideWork) { board.run(alongside: $0, body) }
  }

  /// The part of `0..<count` that falls to a worker: each gets as much as any other, but for one.
  package func share(of count: Int, for worker: Int) -> Range<Int> {
    WorkerShare(number: worker, of: threadCount).part(of: count)
  }
}
