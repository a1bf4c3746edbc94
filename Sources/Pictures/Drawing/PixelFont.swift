public import Images

/// A small font of whole pixels, so that captions are sharp and equal on every machine.
///
/// Capitals and figures are 7 pixels high, small letters 5, and 2 more hang below the line; widths follow the letter,
/// figures are all 5 wide. It has the printable characters of ASCII, `→`, `×`, `–` and `…`; anything else is a box.
///
/// ```swift
/// var picture = GreyscaleImage(width: PixelFont.width(of: "actual 3"), height: PixelFont.height, filledWith: 255)
/// picture.draw("actual 3", x: 0, y: 0)
/// ```
public enum PixelFont {
  /// The pixels from the top of a capital letter to the lowest point of letters such as g.
  public static let height = 9

  /// The pixels between two letters.
  static let letterSpacing = 1

  /// How many pixels wide a line of text is, at a scale.
  public static func width(of text: String, scale: Int = 1) -> Int {
    let widths = text.reduce(0) { $0 + glyph(for: $1).width + letterSpacing }
    return max(widths - letterSpacing, 0) * scale
  }

  /// A text as lines that are at most `width` pixels wide, broken between words and, where one word is too long,
  /// within it.
  ///
  /// Runs of white space count as one space. At least one letter stands on each line, however narrow.
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

  /// One letter: its width and the horizontal runs of ink it consists of.
  struct Glyph: Sendable {
    var width: Int
    var runs: [(x: Int, y: Int, length: Int)]

    init(rows: [Substring]) {
      width = rows[0].count
      runs = []
      for (y, row) in rows.enumerated() {
        precondition(row.count == width, "the rows of a letter are equally long")
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
    for band in stride(from: 0, to: lines.count, by: height + 1) {
      for (column, name) in lines[band].enumerated() {
        result[Character(String(name))] = Glyph(rows: (1...height).map { lines[band + $0][column] })
      }
    }
    return result
  }()
}

extension GreyscaleImage {
  /// Draws one line of text in the letters of ``PixelFont``.
  ///
  /// - Parameters:
  ///   - text: The line. Characters the font does not have appear as a box.
  ///   - x: The left edge of the first letter.
  ///   - y: The top edge of capital letters; the line reaches `PixelFont.height * scale` below it.
  ///   - scale: The side of one of the font's pixels.
  ///   - grey: The text's grey.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int = 1, grey: UInt8 = 0) {
    precondition(scale >= 1, "text is enlarged by 1 or more")
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
  /// The letters as pictures: a line of names, then nine rows of `#` for ink and `.` for paper.
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
