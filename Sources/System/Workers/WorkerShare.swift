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
