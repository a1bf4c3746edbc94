import MNISTCommands
import Testing

/// A simulated terminal. It understands characters, line feeds, carriage returns and three control sequences.
private struct Screen {
  var rows: [[Character]] = [[]]
  var (row, column) = (0, 0)

  var text: [String] { rows.map { String($0) } }

  mutating func write(_ text: String) {
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n":
        (row, column) = (row + 1, 0)
        if row == rows.count { rows.append([]) }
      case "\u{1B}":
        let sequence = rest.prefix { !$0.isLetter }.dropFirst()
        rest = rest.dropFirst(sequence.count + 1)
        switch rest.popFirst() {
        case "A": row = max(0, row - (Int(sequence) ?? 1))
        case "K": rows[row] = Array(rows[row].prefix(column))
        case "J":
          rows[row] = Array(rows[row].prefix(column))
          rows.removeSubrange((row + 1)...)
        default: Issue.record("an unknown control sequence")
        }
      default:
        while rows[row].count < column { rows[row].append(" ") }
        if column < rows[row].count { rows[row][column] = character } else { rows[row].append(character) }
        column += 1
      }
    }
  }
}

private final class Terminal {
  var screen = Screen()
}

@Suite struct LiveDrawingTests {
  @Test("a drawing replaces the previous one, whether it has more lines, fewer lines or a single line")
  func drawing() {
    let terminal = Terminal()
    terminal.screen.write("before\n")
    let drawing = LiveDrawing { terminal.screen.write($0) }
    for lines in [["a", "bcd", "e"], ["aa", "b"], ["abcdefg"], ["xy"], ["1", "2", "3", "4"], ["5", "6"]] {
      drawing.draw(lines, width: 80)
      #expect(terminal.screen.text == ["before"] + lines + (lines.count > 1 ? [""] : []))
    }
  }

  @Test("after leave(), the drawing stays on the screen, with the cursor at the start of the line below")
  func leaving() {
    for lines in [["one"], ["one", "two"]] {
      let terminal = Terminal()
      let drawing = LiveDrawing { terminal.screen.write($0) }
      drawing.draw(lines, width: 80)
      drawing.leave()
      drawing.leave()
      #expect(terminal.screen.text == lines + [""] && terminal.screen.column == 0)
    }
  }

  @Test("after clear(), the drawing has disappeared, and the cursor is where the drawing started")
  func clearing() {
    for lines in [["one"], ["one", "two"]] {
      let terminal = Terminal()
      terminal.screen.write("before\n")
      let drawing = LiveDrawing { terminal.screen.write($0) }
      drawing.draw(lines, width: 80)
      drawing.clear(width: 80)
      drawing.clear(width: 80)
      #expect(terminal.screen.text == ["before", ""] && terminal.screen.column == 0)
    }
  }

  @Test("if the terminal has become narrower, the cursor moves up by the number of wrapped rows")
  func narrower() {
    var written = ""
    let drawing = LiveDrawing { written += $0 }
    drawing.draw([String(repeating: "a", count: 25), "b", ""], width: 30)
    written = ""
    drawing.draw(["c", "d"], width: 10)
    #expect(written.hasPrefix("\r\u{1B}[5A"))
  }

  @Test("the first drawing is due at once, and the next one after a tenth of a second")
  func pace() {
    let drawing = LiveDrawing { _ in }
    #expect(drawing.isDue())
    let start = ContinuousClock().now
    let isDue = drawing.isDue()
    // On a slow machine, a tenth of a second may already have passed.
    if start.duration(to: .now) < .milliseconds(50) { #expect(!isDue) }
    while !drawing.isDue() {}
    #expect(start.duration(to: .now) > .milliseconds(50))
  }
}
