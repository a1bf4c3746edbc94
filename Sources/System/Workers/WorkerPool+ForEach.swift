private import Synchronization

extension WorkerPool {
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
