public import Images

/// A small font made of whole pixels. Captions are sharp and identical on every machine.
///
/// Capital letters and digits are 7 pixels high, and small letters are 5 pixels high. Some letters reach 2 pixels below
/// the baseline. Each letter has its own width; all digits are 5 pixels wide. The font has the printable ASCII
/// characters, `→`, `×`, `–` and `…`. Any other character is shown as a box.
///
/// ```swift
/// var picture = GreyscaleImage(width: PixelFont.width(of: "actual 3"), height: PixelFont.height, filledWith: 255)
/// picture.draw("actual 3", x: 0, y: 0)
/// ```
public enum PixelFont {
  /// The height of a line of text in pixels, from the top of a capital letter to the lowest point of letters such as g.
  public static let height = 9

  /// The number of blank pixels between two letters.
  static let letterSpacing = 1

  /// Returns the width of a line of text in pixels.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - scale: The side of each font pixel, in picture pixels.
  public static func width(of text: String, scale: Int = 1) -> Int {
    let widths = text.reduce(0) { $0 + glyph(for: $1).width + letterSpacing }
    return max(widths - letterSpacing, 0) * scale
  }

  /// Breaks a text into lines that are at most `width` pixels wide.
  ///
  /// Lines are broken between words. A word that is too long is broken between letters. Several spaces in a row count
  /// as one space. Each line has at least one letter, even if the letter is wider than `width`.
  public static func lines(of text: String, fitting width: Int, scale: Int = 1) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if Self.width(of: longer, scale: scale) <= width {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, Self.width(of: line + String(character), scale: scale) > width {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// The shape of one letter: its width and the horizontal runs of ink.
  struct Glyph: Sendable {
    var width: Int
    var runs: [(x: Int, y: Int, length: Int)]

    init(rows: [Substring]) {
      width = rows[0].count
      runs = []
      for (y, row) in rows.enumerated() {
        precondition(row.count == width, "all rows of a letter have the same length")
        for (x, mark) in row.enumerated() where mark == "#" {
          if let last = runs.last, last.y == y, last.x + last.length == x {
            runs[runs.count - 1].length += 1
          } else {
            runs.append((x, y, 1))
          }
        }
      }
    }
  }

  static func glyph(for character: Character) -> Glyph { glyphs[character] ?? unknown }

  private static let unknown = Glyph(
    rows: ["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", ".....", "....."])

  private static let glyphs: [Character: Glyph] = {
    var result: [Character: Glyph] = [" ": Glyph(rows: Array(repeating: "...", count: height))]
    let lines = drawings.split(separator: "\n").map { $0.split(separator: " ") }
    for nameLine in stride(from: 0, to: lines.count, by: height + 1) {
      for (column, name) in lines[nameLine].enumerated() {
        result[Character(String(name))] = Glyph(rows: (1...height).map { lines[nameLine + $0][column] })
      }
    }
    return result
  }()
}

extension GreyscaleImage {
  /// Draws one line of text in the font ``PixelFont``.
  ///
  /// - Parameters:
  ///   - text: The line of text. Characters that the font does not have are drawn as a box.
  ///   - x: The left edge of the first letter.
  ///   - y: The top edge of capital letters. The line of text is `PixelFont.height * scale` pixels high.
  ///   - scale: The side of each font pixel, in picture pixels, at least 1.
  ///   - grey: The grey of the text.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int = 1, grey: UInt8 = 0) {
    precondition(scale >= 1, "the scale of text is at least 1")
    var left = x
    for character in text {
      let glyph = PixelFont.glyph(for: character)
      for run in glyph.runs {
        fill(x: left + run.x * scale, y: y + run.y * scale, width: run.length * scale, height: scale, grey: grey)
      }
      left += (glyph.width + PixelFont.letterSpacing) * scale
    }
  }
}

extension PixelFont {
  /// The shapes of the letters as text. Nine rows under each line of letters draw these letters: `#` is ink and `.` is
  /// paper.
  fileprivate static let drawings = #"""
    0     1     2     3     4     5     6     7     8     9
    .###. ..#.. .###. .###. ...#. ##### ..##. ##### .###. .###.
    #...# .##.. #...# #...# ..##. #.... .#... ....# #...# #...#
    #...# ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
    #...# ..#.. ...#. ..##. #..#. ....# ####. ...#. .###. .####
    #...# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
    #...# ..#.. .#... #...# ...#. #...# #...# ..#.. #...# ...#.
    .###. .###. ##### .###. ...#. .###. .###. ..#.. .###. .##..
    ..... ..... ..... ..... ..... ..... ..... ..... ..... .....
    ..... ..... ..... ..... ..... ..... ..... ..... ..... .....

    A     B     C     D     E     F     G     H     I   J     K     L     M
    .###. ####. .###. ####. ##### ##### .###. #...# ### ...## #...# #.... #...#
    #...# #...# #...# #...# #.... #.... #...# #...# .#. ....# #..#. #.... ##.##
    #...# #...# #.... #...# #.... #.... #.... #...# .#. ....# #.#.. #.... #.#.#
    ##### ####. #.... #...# ####. ####. #.### ##### .#. ....# ##... #.... #.#.#
    #...# #...# #.... #...# #.... #.... #...# #...# .#. ....# #.#.. #.... #...#
    #...# #...# #...# #...# #.... #.... #...# #...# .#. #...# #..#. #.... #...#
    #...# ####. .###. ####. ##### #.... .###. #...# ### .###. #...# ##### #...#
    ..... ..... ..... ..... ..... ..... ..... ..... ... ..... ..... ..... .....
    ..... ..... ..... ..... ..... ..... ..... ..... ... ..... ..... ..... .....

    N     O      P     Q      R     S     T     U     V     W     X     Y     Z
    #...# .####. ####. .####. ####. .###. ##### #...# #...# #...# #...# #...# #####
    ##..# #....# #...# #....# #...# #...# ..#.. #...# #...# #...# #...# #...# ....#
    #.#.# #....# #...# #....# #...# #.... ..#.. #...# #...# #...# .#.#. .#.#. ...#.
    #..## #....# ####. #....# ####. .###. ..#.. #...# #...# #.#.# ..#.. ..#.. ..#..
    #...# #....# #.... #..#.# #.#.. ....# ..#.. #...# .#.#. #.#.# .#.#. ..#.. .#...
    #...# #....# #.... #...#. #..#. #...# ..#.. #...# .#.#. ##.## #...# ..#.. #....
    #...# .####. #.... .###.# #...# .###. ..#.. .###. ..#.. #...# #...# ..#.. #####
    ..... ...... ..... ...... ..... ..... ..... ..... ..... ..... ..... ..... .....
    ..... ...... ..... ...... ..... ..... ..... ..... ..... ..... ..... ..... .....

    a     b     c     d     e     f    g     h     i j   k    l  m
    ..... #.... ..... ....# ..... ..## ..... #.... # ..# #... #. .....
    ..... #.... ..... ....# ..... .#.. ..... #.... . ... #... #. .....
    .###. #.##. .###. .##.# .###. .#.. .##.# #.##. # .## #..# #. ##.#.
    ....# ##..# #...# #..## #...# ###. #..## ##..# # ..# #.#. #. #.#.#
    .#### #...# #.... #...# ##### .#.. #...# #...# # ..# ##.. #. #.#.#
    #...# #...# #...# #...# #.... .#.. #...# #...# # ..# #.#. #. #.#.#
    .#### ####. .###. .#### .###. .#.. .#### #...# # ..# #..# .# #.#.#
    ..... ..... ..... ..... ..... .... ....# ..... . ..# .... .. .....
    ..... ..... ..... ..... ..... .... .###. ..... . ##. .... .. .....

    n     o     p     q     r    s     t    u     v     w     x     y     z
    ..... ..... ..... ..... .... ..... .... ..... ..... ..... ..... ..... .....
    ..... ..... ..... ..... .... ..... .#.. ..... ..... ..... ..... ..... .....
    #.##. .###. ####. .##.# #.## .#### ###. #...# #...# #...# #...# #...# #####
    ##..# #...# #...# #..## ##.. #.... .#.. #...# #...# #...# .#.#. #...# ...#.
    #...# #...# #...# #...# #... .###. .#.. #...# #...# #.#.# ..#.. #...# ..#..
    #...# #...# ##..# #...# #... ....# .#.. #..## .#.#. #.#.# .#.#. #...# .#...
    #...# .###. #.##. .#### #... ####. ..## .##.# ..#.. .#.#. #...# .#### #####
    ..... ..... #.... ....# .... ..... .... ..... ..... ..... ..... ....# .....
    ..... ..... #.... ....# .... ..... .... ..... ..... ..... ..... .###. .....

    . ,  : ;  ! ?     ' "   (   )   [  ]  {   }   | _
    . .. . .. # .###. # #.# ..# #.. ## ## ..# #.. # .....
    . .. . .. # #...# # #.# .#. .#. #. .# .#. .#. # .....
    . .. . .. # ....# # #.# #.. ..# #. .# .#. .#. # .....
    . .. # .# # ...#. . ... #.. ..# #. .# .#. .#. # .....
    . .. . .. # ..#.. . ... #.. ..# #. .# #.. ..# # .....
    . .. . .. . ..... . ... #.. ..# #. .# .#. .#. # .....
    # .# # .# # ..#.. . ... #.. ..# #. .# .#. .#. # .....
    . .# . .# . ..... . ... .#. .#. #. .# .#. .#. # #####
    . #. . #. . ..... . ... ..# #.. ## ## ..# #.. # .....

    <    >    =     +     -   –     *     ×     /    \    %     #     &
    ...# #... ..... ..... ... ..... ..#.. ..... ...# #... ##..# .#.#. .##..
    ..#. .#.. ..... ..#.. ... ..... #.#.# #...# ...# #... ##..# .#.#. #..#.
    .#.. ..#. ##### ..#.. ... ..... .###. .#.#. ..#. .#.. ...#. ##### #.#..
    #... ...# ..... ##### ### ##### #.#.# ..#.. ..#. .#.. ..#.. .#.#. .#...
    .#.. ..#. ##### ..#.. ... ..... ..#.. .#.#. .#.. ..#. .#... ##### #.#.#
    ..#. .#.. ..... ..#.. ... ..... ..... #...# .#.. ..#. #..## .#.#. #..#.
    ...# #... ..... ..... ... ..... ..... ..... #... ...# #..## .#.#. .##.#
    .... .... ..... ..... ... ..... ..... ..... .... .... ..... ..... .....
    .... .... ..... ..... ... ..... ..... ..... .... .... ..... ..... .....

    @     $     ^     `  ~     →       …
    .###. ..#.. ..#.. #. ..... ....... .....
    #...# .#### .#.#. .# ..... ....#.. .....
    #.### #.#.. #...# .. .#... .....#. .....
    #.#.# .###. ..... .. #.#.# ####### .....
    #.### ..#.# ..... .. ...#. .....#. .....
    #.... ####. ..... .. ..... ....#.. .....
    .###. ..#.. ..... .. ..... ....... #.#.#
    ..... ..... ..... .. ..... ....... .....
    ..... ..... ..... .. ..... ....... .....
    """#
}
