private import Synchronization

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif
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

  /// Calls `body` for each index, on all threads, and throws the error of the lowest index that has one, whichever thread
  /// came upon an error first.
  ///
  /// - Parameters:
  ///   - indices: the indices. The threads take them in order, some at a time.
  ///   - indicesAtATime: so many that a thread's turn takes far longer than to get it, and so few that all threads end at
  ///     about one time.
  ///   - makeTools: called once for each share of the work, for what its calls of `body` share.
  ///   - body: what is to be done with an index. What it touches is for the caller to divide between the indices.
  package func forEach<Tools, Failure: Error>(
    in indices: Range<Int>, indicesAtATime: Int = 32, with makeTools: () -> Tools,
    body: (_ index: Int, _ tools: Tools) throws(Failure) -> Void
  ) throws(Failure) {
    let next = Atomic<Int>(indices.lowerBound)
    let lowestFailed = Atomic<Int>(Int.max)
    let failures = Mutex<[(index: Int, error: Failure)]>([])
    run { _ in
      let tools = makeTools()
      while true {
        let start = next.add(indicesAtATime, ordering: .relaxed).oldValue
        // Lower indices have all been taken by then, so that no error of a lower one is missed.
        guard start < indices.upperBound, start <= lowestFailed.load(ordering: .relaxed) else { return }
        for index in start..<min(start + indicesAtATime, indices.upperBound) {
          do throws(Failure) {
            try body(index, tools)
          } catch {
            lowestFailed.min(index, ordering: .relaxed)
            failures.withLock { $0.append((index, error)) }
            break
          }
        }
      }
    }
    let first = failures.withLock { $0.min { $0.index < $1.index } }
    if let first { throw first.error }
  }
}

/// One of several shares of some work, each as large as any other but for one.
package struct WorkerShare: Sendable {
  private let number: Int
  private let shareCount: Int

  package init(number: Int, of shareCount: Int) {
    self.number = number
    self.shareCount = shareCount
  }

  /// Whether so many parts that are not divided can be shared out so that nobody has to wait for another one for long.
  package static func dividesEvenly(_ partCount: Int, among workerCount: Int) -> Bool {
    partCount.isMultiple(of: workerCount) || partCount >= 4 * workerCount
  }

  /// The part of `0..<count` that the share is.
  package func part(of count: Int) -> Range<Int> { part(of: 0..<count) }

  /// The part of a range that the share is.
  package func part(of range: Range<Int>) -> Range<Int> {
    let count = range.count
    return range.lowerBound + count * number / shareCount..<range.lowerBound + count * (number + 1) / shareCount
  }
}

/// Starts a thread that nobody waits for.
///
/// - Parameters:
///   - stackByteCount: the size of its stack; nil for the system's usual one.
///   - body: the thread's work.
/// - Returns: whether the system gave a thread.
package func startDetachedThread(
  stackByteCount: Int? = nil, _ body: @escaping @Sendable () -> Void
) -> Bool {
  final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  if let stackByteCount { pthread_attr_setstacksize(&attributes, stackByteCount) }
  let argument = Unmanaged.passRetained(Body(body))
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let errorNumber = pthread_create(
    &thread, &attributes,
    { argument in
      // Only Linux declares the argument as optional.
      Unmanaged<Body>.fromOpaque((argument as UnsafeMutableRawPointer?)!).takeRetainedValue().run()
      return nil
    }, argument.toOpaque())
  if errorNumber != 0 { argument.release() }
  return errorNumber == 0
}
