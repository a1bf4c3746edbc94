internal import Synchronization

/// Lines on standard error that are drawn over in place, at most ten times a second.
///
/// One line leaves the cursor behind itself, as there are terminals on which nothing else can be drawn over. Several leave it
/// at the start of the line below them, so that whatever ends the program finds it in order.
package final class LiveDrawing {
  /// Whether the cursor is behind a line of some drawing of this process.
  private static let isInLine = Atomic<Bool>(false)

  private let write: (String) -> Void
  private let clock = ContinuousClock()
  private var lastDrawn: ContinuousClock.Instant?
  /// What is on the screen, and whether the cursor is below it.
  private var drawn: [String] = []
  private var drawnWidth = 0
  private var isCursorBelow: Bool { drawn.count > 1 }

  /// A drawing that goes where `write` takes its text: lines and the terminal's control sequences.
  package init(write: @escaping (String) -> Void) {
    self.write = write
  }

  /// Whether it is time for the next one; ten times a second is as often as an eye follows. The moment is remembered.
  package func isDue() -> Bool {
    let now = clock.now
    if let lastDrawn, lastDrawn.duration(to: now) < .milliseconds(100) { return false }
    lastDrawn = now
    return true
  }

  /// Draws lines, each shorter than the terminal is wide, over those before.
  ///
  /// - Parameter width: the terminal's width in characters, which may have changed since.
  package func draw(_ lines: [String], width: Int) {
    var text = start(width: width)
    for line in lines { text += line + "\u{1B}[K" + (lines.count > 1 ? "\n" : "") }
    // Only where there were more, so that a line alone needs no more than it did.
    if drawn.count > 1 { text += "\u{1B}[J" }
    (drawn, drawnWidth) = (lines, width)
    write(text)
    Self.isInLine.store(lines.count == 1, ordering: .relaxed)
  }

  /// Leaves what is drawn on the screen, and the cursor below it.
  package func leave() {
    if !drawn.isEmpty, !isCursorBelow { write("\n") }
    forget()
  }

  /// Returns a line break if a drawing is still on the screen, so that a line from any thread begins below it.
  package static func lineBreak() -> String {
    isInLine.exchange(false, ordering: .relaxed) ? "\n" : ""
  }

  /// Removes what is drawn, and leaves the cursor where it was.
  package func clear(width: Int) {
    if !drawn.isEmpty { write(start(width: width) + (isCursorBelow ? "\u{1B}[J" : "\u{1B}[K")) }
    forget()
  }

  private func forget() {
    drawn = []
    lastDrawn = nil
    Self.isInLine.store(false, ordering: .relaxed)
  }

  /// Back to where the drawing begins. A terminal that has become narrower has broken the lines that were longer.
  private func start(width: Int) -> String {
    guard isCursorBelow else { return drawn.isEmpty ? "" : "\r" }
    let rows =
      width >= drawnWidth
      ? drawn.count : drawn.reduce(0) { $0 + max(1, ($1.count + width - 1) / max(width, 1)) }
    return "\r\u{1B}[\(rows)A"
  }
}

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
