import Synchronization
import Testing
import Workers

@Suite struct RendezvousTests {
  @Test("nobody goes on before all have come, and sees what they wrote before", arguments: [1, 2, 3, 8])
  func together(_ workerCount: Int) {
    let pool = WorkerPool(threadCount: workerCount)
    #expect(pool.hasAllThreads)
    let rendezvous = Rendezvous(workerCount: workerCount)
    // Two in turn, as a worker may write the next one while others still read the last one.
    nonisolated(unsafe) let written = UnsafeMutablePointer<Int>.allocate(capacity: 2 * workerCount)
    written.initialize(repeating: -1, count: 2 * workerCount)
    defer { written.deallocate() }
    let wrong = Atomic<Int>(0)
    for run in 0..<5 {
      pool.run { worker in
        for round in run * 200..<(run + 1) * 200 {
          let numbers = written + round % 2 * workerCount
          numbers[worker] = round
          rendezvous.wait(worker)
          for other in 0..<workerCount where numbers[other] != round { wrong.add(1, ordering: .relaxed) }
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
