import Synchronization
import Testing
import Workers

@Suite struct WorkerPoolTests {
  @Test("each worker is called once a run, and all are done when the run returns", arguments: [1, 2, 3, 8])
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
    "shares cover everything once, in order, and differ by one at most", arguments: [1, 2, 3, 7], [0, 1, 2, 3, 10, 785])
  func shares(_ threadCount: Int, _ count: Int) {
    let pool = WorkerPool(threadCount: threadCount)
    let shares = (0..<threadCount).map { pool.share(of: count, for: $0) }
    #expect(shares.flatMap(Array.init) == Array(0..<count))
    let sizes = shares.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test("many pools come and go")
  func lifetimes() {
    for _ in 0..<200 {
      let total = Atomic<Int>(0)
      WorkerPool(threadCount: 3).run { _ in total.add(1, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == 3)
    }
  }
}
