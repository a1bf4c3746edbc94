/// A bar between two texts, such as `a.gz [####----] 4.1 MB of 9.9 MB`.
package enum ProgressBar {
  private static let maximumCellCount = 40
  private static let minimumCellCount = 5

  /// A line of fewer than `width` characters: without a bar where there is no room for one or its share is not known, and
  /// cut where even the texts are too long.
  package static func line(_ head: String, share: Double?, _ tail: String, width: Int) -> String {
    let cells = min(maximumCellCount, width - head.count - tail.count - 5)
    guard let share, cells >= minimumCellCount else { return String("\(head) \(tail)".prefix(max(0, width - 1))) }
    let filled = Int(min(max(share, 0), 1) * Double(cells))
    return "\(head) [" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "] "
      + tail
  }
}
