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
/// The calling thread is one of the threads. After a run, the other threads poll memory for some microseconds before
/// they sleep. A run that follows soon therefore starts in less than a microsecond.
public final class WorkerPool: Sendable {
  /// The number of processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The number of threads that do the work. It is at least 1 and includes the calling thread.
  public let threadCount: Int

  /// Whether the pool has a thread for each worker number. All calls of a run can then execute at the same time.
  ///
  /// The value is false if the system refused to create some threads. The existing threads then do all the work.
  package let hasAllThreads: Bool

  private let board: Board

  /// Creates a pool of threads. By default the pool has one thread for each processor that the process may use.
  ///
  /// - Precondition: `threadCount` is at least 1.
  public init(threadCount: Int = WorkerPool.processorCount) {
    precondition(threadCount >= 1, "a pool has at least one thread")
    self.threadCount = threadCount
    // With fewer processors than threads, a polling thread would keep other threads from running.
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

  /// Calls `body` once for each worker number in `0..<threadCount`. Returns when all calls are done.
  ///
  /// Each thread first makes the call with its own number, and then any call that no thread has started. The pool
  /// therefore does not wait for a thread that the system delays before its call.
  ///
  /// Do not call this method from two threads at once or from within `body`. Calls of `body` for different workers must
  /// not write to the same memory. The compiler does not check this.
  package func run(_ body: (_ worker: Int) -> Void) {
    guard threadCount > 1 else { return body(0) }
    withoutActuallyEscaping(body) { board.run($0) }
  }

  /// Calls `body`. During this call, threads do side work while they wait for other threads.
  ///
  /// Threads wait inside the calls of ``run(_:)``, and between two such calls. The number of pieces of side work that
  /// are done can differ each time.
  ///
  /// - Parameter sideWork: Does one piece of side work. Returns false if no piece is left. Its argument is the number
  ///   of a thread. A piece must be far smaller than the work in `body`. `sideWork` may be called with the number of a
  ///   thread while the closure of ``run(_:)`` runs with the same number.
  /// - Parameter body: The main work, which calls ``run(_:)``.
  package func run(alongside sideWork: (_ worker: Int) -> Bool, _ body: () -> Void) {
    guard threadCount > 1 else { return body() }
    withoutActuallyEscaping(sideWork) { board.run(alongside: $0, body) }
  }

  /// Returns the part of `0..<count` that belongs to a worker. The sizes of all parts differ by at most one.
  package func share(of count: Int, for worker: Int) -> Range<Int> {
    WorkerShare(number: worker, of: threadCount).part(of: count)
  }

  /// Calls `body` for each index, on all threads.
  ///
  /// If several calls throw, this method throws the error of the lowest index.
  ///
  /// - Parameters:
  ///   - indices: The indices. The threads take them in order.
  ///   - indicesAtATime: The number of indices that a thread takes at once. If it is too small, taking indices costs
  ///     too much time. If it is too large, some threads finish much later than others.
  ///   - makeTools: Creates values that calls of `body` reuse. It is called once for each worker number.
  ///   - body: The work for one index. Calls for different indices must not write to the same memory.
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
        // Stop after a failed index. The threads take lower indices first, so all lower indices have already been
        // taken.
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

/// One of several nearly equal parts of some work. The sizes of the parts differ by at most one.
package struct WorkerShare: Sendable {
  private let number: Int
  private let shareCount: Int

  package init(number: Int, of shareCount: Int) {
    self.number = number
    self.shareCount = shareCount
  }

  /// Returns whether indivisible parts can be distributed so evenly that no worker waits long for another worker.
  package static func dividesEvenly(_ partCount: Int, among workerCount: Int) -> Bool {
    partCount.isMultiple(of: workerCount) || partCount >= 4 * workerCount
  }

  /// Returns the part of `0..<count` that belongs to this worker.
  package func part(of count: Int) -> Range<Int> { part(of: 0..<count) }

  /// Returns the part of a range that belongs to this worker.
  package func part(of range: Range<Int>) -> Range<Int> {
    let count = range.count
    return range.lowerBound + count * number / shareCount..<range.lowerBound + count * (number + 1) / shareCount
  }
}

/// Starts a thread that ends by itself. No other thread waits for its end.
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
      // The type of the argument is optional on Linux but not on Darwin.
      Unmanaged<Body>.fromOpaque((argument as UnsafeMutableRawPointer?)!).takeRetainedValue().run()
      return nil
    }, argument.toOpaque())
  if errorNumber != 0 { argument.release() }
  return errorNumber == 0
}
