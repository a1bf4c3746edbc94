import CSystemCalls
import Synchronization
import Testing
import Workers

@Suite struct WorkerPoolTests {
  @Test("a run calls each worker once and returns when all calls are done", arguments: [1, 2, 3, 8])
  func everyWorker(_ threadCount: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    let calls = UnsafeMutableBufferPointer<Int>.allocate(capacity: threadCount)
    calls.initialize(repeating: 0)
    defer { calls.deallocate() }
    nonisolated(unsafe) let counts = calls
    for run in 1...2000 {
      pool.run { worker in counts[worker] += 1 }
      #expect(calls.allSatisfy { $0 == run })
    }
  }

  @Test("workers that went to sleep between two runs wake up")
  func sleepers() async throws {
    let pool = WorkerPool(threadCount: 4)
    let total = Atomic<Int>(0)
    for _ in 0..<5 {
      pool.run { worker in total.add(worker, ordering: .relaxed) }
      try await Task.sleep(for: .milliseconds(30))
    }
    #expect(total.load(ordering: .relaxed) == 5 * (1 + 2 + 3))
  }

  @Test(
    "the parts of all workers cover a range once, in order, and their sizes differ by at most one",
    arguments: [1, 2, 3, 7], [0, 1, 2, 3, 10, 785])
  func shares(_ threadCount: Int, _ count: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    let shares = (0..<threadCount).map { pool.share(of: count, for: $0) }
    #expect(shares.flatMap(Array.init) == Array(0..<count))
    let sizes = shares.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test(
    "each piece of side work is done at most once, and no piece is unfinished when the call returns",
    arguments: [1, 2, 3, 8])
  func sideWork(_ threadCount: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    for pieceCount in [0, 1, 50, 100_000] {
      let next = Atomic<Int>(0)
      let begun = Atomic<Int>(0)
      let ended = Atomic<Int>(0)
      let shares = Atomic<Int>(0)
      for run in 1...50 {
        pool.run(alongside: { worker in
          guard next.load(ordering: .relaxed) < pieceCount else { return false }
          guard next.add(1, ordering: .relaxed).oldValue < pieceCount, worker < threadCount else { return false }
          begun.add(1, ordering: .relaxed)
          for _ in 0..<100 { mnist_pause() }
          ended.add(1, ordering: .relaxed)
          return true
        }) {
          for _ in 0..<3 {
            pool.run { worker in
              // The calls take different times. Some threads must therefore wait for other threads.
              for _ in 0..<(worker * 3000) { mnist_pause() }
              shares.add(1, ordering: .relaxed)
            }
          }
        }
        #expect(begun.load(ordering: .relaxed) == ended.load(ordering: .relaxed))
        #expect(ended.load(ordering: .relaxed) <= pieceCount)
        #expect(shares.load(ordering: .relaxed) == run * 3 * threadCount)
      }
    }
  }

  @Test("a thread that waits for other threads does side work", .enabled(if: WorkerPool.processorCount > 1))
  func waiting() {
    let pool = WorkerPool(threadCount: 2)
    let pieces = Atomic<Int>(0)
    // If one thread gets no processor, the other thread does all the work and need not wait. The run is therefore
    // repeated.
    for _ in 0..<100_000 where pieces.load(ordering: .relaxed) == 0 {
      pool.run(alongside: { _ in pieces.add(1, ordering: .relaxed).newValue < 0 }) {
        pool.run { worker in
          for _ in 0..<(worker * 3000) { mnist_pause() }
        }
      }
    }
    #expect(pieces.load(ordering: .relaxed) > 0)
  }

  @Test("many pools can be created and destroyed")
  func lifetimes() {
    for _ in 0..<200 {
      let total = Atomic<Int>(0)
      WorkerPool(threadCount: 3).run { _ in total.add(1, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == 3)
    }
  }
}

@Suite struct WorkerPoolForEachTests {
  struct Failure: Error, Equatable { var index: Int }

  @Test("each index is processed once, whatever the number of threads", arguments: [1, 2, 5], [1, 32])
  func everyIndex(_ threadCount: Int, _ indicesAtATime: Int) {
    let seen = Mutex<[Int]>([])
    WorkerPool(threadCount: threadCount).forEach(in: 3..<400, indicesAtATime: indicesAtATime) {
    } body: { (index, _) throws(Never) in
      seen.withLock { $0.append(index) }
    }
    #expect(seen.withLock { $0.sorted() } == Array(3..<400))
  }

  @Test("the error of the lowest failing index is thrown", arguments: [1, 2, 5])
  func lowestError(_ threadCount: Int) {
    for _ in 0..<20 {
      #expect(throws: Failure(index: 70)) {
        try WorkerPool(threadCount: threadCount).forEach(in: 0..<500) {
        } body: { (index, _) throws(Failure) in
          if index == 70 || index > 300 { throw Failure(index: index) }
        }
      }
    }
  }
}
