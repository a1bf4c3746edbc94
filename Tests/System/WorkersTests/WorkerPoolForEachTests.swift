import Synchronization
import Testing
import Workers

@Suite struct WorkerPoolForEachTests {
  struct Failure: Error, Equatable { var index: Int }

  @Test("each index is taken once, whatever the number of threads", arguments: [1, 2, 5], [1, 32])
  func everyIndex(_ threadCount: Int, _ indicesAtATime: Int) {
    let seen = Mutex<[Int]>([])
    WorkerPool(threadCount: threadCount).forEach(in: 3..<400, indicesAtATime: indicesAtATime) {
    } body: { (index, _) throws(Never) in
      seen.withLock { $0.append(index) }
    }
    #expect(seen.withLock { $0.sorted() } == Array(3..<400))
  }

  @Test("of several errors that of the lowest index is thrown", arguments: [1, 2, 5])
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
