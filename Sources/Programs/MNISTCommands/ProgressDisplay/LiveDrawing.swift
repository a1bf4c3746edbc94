internal import Synchronization

/// Lines on standard error that are redrawn in place, at most ten times a second.
///
/// A drawing of one line leaves the cursor at the end of the line, because some terminals cannot move the cursor up. A
/// drawing of several lines leaves the cursor at the start of the next line, where other output can follow.
package final class LiveDrawing {
  /// Whether the cursor is at the end of a line that any drawing of this process has drawn.
  private static let isInLine = Atomic<Bool>(false)

  private let write: (String) -> Void
  private let clock = ContinuousClock()
  private var lastDrawn: ContinuousClock.Instant?
  /// The lines that are on the screen.
  private var drawn: [String] = []
  private var drawnWidth = 0
  /// Whether the cursor is on the line below the drawing.
  private var isCursorBelow: Bool { drawn.count > 1 }

  /// Creates a drawing. The function `write` gets the text of the drawing, with the terminal's control sequences.
  package init(write: @escaping (String) -> Void) {
    self.write = write
  }

  /// Returns whether a tenth of a second has passed since the last call that returned true.
  package func isDue() -> Bool {
    let now = clock.now
    if let lastDrawn, lastDrawn.duration(to: now) < .milliseconds(100) { return false }
    lastDrawn = now
    return true
  }

  /// Draws lines over the previous lines.
  ///
  /// - Parameters:
  ///   - lines: The lines, each shorter than `width`.
  ///   - width: The current width of the terminal in characters.
  package func draw(_ lines: [String], width: Int) {
    var text = start(width: width)
    for line in lines { text += line + "\u{1B}[K" + (lines.count > 1 ? "\n" : "") }
    // Some terminals lack this control sequence. It is not needed to draw a single line over a single line.
    if drawn.count > 1 { text += "\u{1B}[J" }
    (drawn, drawnWidth) = (lines, width)
    write(text)
    Self.isInLine.store(lines.count == 1, ordering: .relaxed)
  }

  /// Leaves the drawing on the screen and moves the cursor below it.
  package func leave() {
    if !drawn.isEmpty, !isCursorBelow { write("\n") }
    forget()
  }

  /// Returns a line break if the cursor is at the end of a drawn line, so that other output begins below the drawing.
  package static func lineBreak() -> String {
    isInLine.exchange(false, ordering: .relaxed) ? "\n" : ""
  }

  /// Removes the drawing and moves the cursor to the place where the drawing started.
  package func clear(width: Int) {
    if !drawn.isEmpty { write(start(width: width) + (isCursorBelow ? "\u{1B}[J" : "\u{1B}[K")) }
    forget()
  }

  private func forget() {
    drawn = []
    lastDrawn = nil
    Self.isInLine.store(false, ordering: .relaxed)
  }

  /// Returns the control sequence that moves the cursor to the start of the drawing.
  ///
  /// If the terminal has become narrower, it has wrapped long lines. The drawing then has more rows than before.
  private func start(width: Int) -> String {
    guard isCursorBelow else { return drawn.isEmpty ? "" : "\r" }
    let rows =
      width >= drawnWidth
      ? drawn.count : drawn.reduce(0) { $0 + max(1, ($1.count + width - 1) / max(width, 1)) }
    return "\r\u{1B}[\(rows)A"
  }
}

/// A progress bar between two texts, such as `a.gz [####----] 4.1 MB of 9.9 MB`.
package enum ProgressBar {
  private static let maximumCellCount = 40
  private static let minimumCellCount = 5

  /// Returns a line of fewer than `width` characters.
  ///
  /// The bar is left out if `share` is nil, or if the texts leave no space for the bar. Texts that are too long are
  /// cut.
  ///
  /// - Parameter share: The filled fraction of the bar, from 0 to 1.
  package static func line(_ head: String, share: Double?, _ tail: String, width: Int) -> String {
    let cells = min(maximumCellCount, width - head.count - tail.count - 5)
    guard let share, cells >= minimumCellCount else { return String("\(head) \(tail)".prefix(max(0, width - 1))) }
    let filled = Int(min(max(share, 0), 1) * Double(cells))
    return "\(head) [" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "] "
      + tail
  }
}
