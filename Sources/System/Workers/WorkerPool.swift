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

/// A fixed number of threads that repeatedly divide work among themselves.
///
/// ```swift
/// let pool = WorkerPool(threadCount: 2)
/// pool.run { worker in
///   for index in pool.share(of: values.count, for: worker) { ... }
/// }
/// ```
///
/// The calling thread is one of the threads. The other threads poll memory for some microseconds before they sleep. A
/// run that starts soon after another run therefore costs less than a microsecond.
public final class WorkerPool: Sendable {
  /// The number of processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The number of threads that do the work, including the calling thread; at least 1.
  public let threadCount: Int

  /// Whether the pool has a thread for each worker number, so that all calls of a run can execute at the same time.
  ///
  /// The value is false if the system refused to create some threads. The other threads then do their work.
  package let hasAllThreads: Bool

  private let board: Board

  /// Creates a pool of threads, by default one for each processor that the process may use.
  ///
  /// - Precondition: `threadCount` is at least 1.
  public init(threadCount: Int = WorkerPool.processorCount) {
    precondition(threadCount >= 1, "a pool has at least one thread")
    self.threadCount = threadCount
    // Without a processor for each thread, a polling thread would keep other threads from running.
    let hasProcessors = threadCount <= Self.processorCount
    board = Board(taskCount: threadCount, spinCount: hasProcessors ? 4000 : 0)
    var startedCount = 1
    for worker in 1..<threadCount {
      if startDetachedThread({ [board] in board.work(as: worker) }) { startedCount += 1 }
    }
    hasAllThreads = startedCount == threadCount
  }

  deinit {
    board.close()
  }

  /// Calls `body` once for each worker number in `0..<threadCount`, and returns when all calls are done.
  ///
  /// Each thread first makes the call with its own number, and then any call that no thread has started. The pool
  /// therefore does not wait for a thread that the system delays before its call.
  ///
  /// Do not call this method from two threads at once or from within `body`. The caller must divide the memory that
  /// `body` writes among the workers; the compiler does not check this.
  package func run(_ body: (_ worker: Int) -> Void) {
    guard threadCount > 1 else { return body(0) }
    withoutActuallyEscaping(body) { board.run($0) }
  }

  /// Calls `body`, and lets threads do side work while they would otherwise wait for other threads.
  ///
  /// Threads wait inside the calls of ``run(_:)``, and between two such calls. The amount of side
  /// work that is done is not determined.
  ///
  /// - Parameter sideWork: Does one piece of side work on the thread with the given number, and returns whether there was
  ///   a piece. A piece must be far smaller than the work in `body`. `sideWork` may be called with a thread's number
  ///   while the closure of ``run(_:)`` runs with the same number.
  /// - Parameter body: The main work, which calls ``run(_:)``.
  package func run(alongside sideWork: (_ worker: Int) -> Bool, _ body: () -> Void) {
    guard threadCount > 1 else { return body() }
    withoutActuallyEscaping(sideWork) { board.run(alongside: $0, body) }
  }

  /// Returns the part of `0..<count` for a worker. The sizes of all workers' parts differ by at most one.
  package func share(of count: Int, for worker: Int) -> Range<Int> {
    WorkerShare(number: worker, of: threadCount).part(of: count)
  }

  /// Calls `body` for each index, on all threads.
  ///
  /// If calls throw, the error of the lowest index is thrown, whichever call failed first.
  ///
  /// - Parameters:
  ///   - indices: The indices. The threads take them in order.
  ///   - indicesAtATime: The number of indices that a thread takes at once. If it is too small, taking indices costs
  ///     too much time. If it is too large, some threads finish much later than others.
  ///   - makeTools: Creates values that calls of `body` reuse. It is called once for each worker number.
  ///   - body: The work for one index. The caller must divide the memory that `body` writes among the indices.
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
        // The threads take lower indices first, so no error of a lower index is missed.
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

/// One of several nearly equal parts into which work is divided. The sizes differ by at most one.
package struct WorkerShare: Sendable {
  private let number: Int
  private let shareCount: Int

  package init(number: Int, of shareCount: Int) {
    self.number = number
    self.shareCount = shareCount
  }

  /// Returns whether whole parts can be distributed so evenly that no worker waits long for another.
  package static func dividesEvenly(_ partCount: Int, among workerCount: Int) -> Bool {
    partCount.isMultiple(of: workerCount) || partCount >= 4 * workerCount
  }

  /// Returns this worker's part of `0..<count`.
  package func part(of count: Int) -> Range<Int> { part(of: 0..<count) }

  /// Returns this worker's part of a range.
  package func part(of range: Range<Int>) -> Range<Int> {
    let count = range.count
    return range.lowerBound + count * number / shareCount..<range.lowerBound + count * (number + 1) / shareCount
  }
}

/// Starts a thread that ends by itself; no other thread waits for its end.
///
/// - Parameters:
///   - stackByteCount: The size of the thread's stack in bytes, or nil for the system's default.
///   - body: The work of the thread.
/// - Returns: Whether the system created the thread.
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
      // The argument is optional on Linux and not optional on Darwin.
      Unmanaged<Body>.fromOpaque((argument as UnsafeMutableRawPointer?)!).takeRetainedValue().run()
      return nil
    }, argument.toOpaque())
  if errorNumber != 0 { argument.release() }
  return errorNumber == 0
}
