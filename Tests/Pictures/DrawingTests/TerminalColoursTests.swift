import Drawing
import Testing

@Suite struct TerminalColoursTests {
  @Test(
    "what a terminal shows follows from TERM, COLORTERM, NO_COLOR and the locale",
    arguments: [
      (["TERM": "xterm", "COLORTERM": "truecolor", "LANG": "en_US.UTF-8"], .trueColour),
      (["TERM": "xterm-256color", "COLORTERM": "24bit", "LANG": "C.utf8"], .trueColour),
      (["TERM": "xterm-direct", "LANG": "C.UTF-8"], .trueColour),
      (["TERM": "screen-256color", "LANG": "C.UTF-8"], .palette256),
      (["TERM": "xterm", "LANG": "C.UTF-8"], HalfBlockPicture.Colours.none),
      (["TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1", "LANG": "C.UTF-8"], HalfBlockPicture.Colours.none),
      (["TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "", "LANG": "C.UTF-8"], .trueColour),
      (["TERM": "dumb", "COLORTERM": "truecolor", "LANG": "C.UTF-8"], nil),
      (["COLORTERM": "truecolor", "LANG": "C.UTF-8"], nil),
      (["TERM": "xterm"], nil),
      (["TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1"], nil),
      (["TERM": "xterm-256color", "LC_ALL": "C", "LANG": "en_US.UTF-8"], nil),
      (["TERM": "xterm-256color", "LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], .palette256),
    ] as [([String: String], HalfBlockPicture.Colours?)])
  func environment(_ variables: [String: String], _ colours: HalfBlockPicture.Colours?) {
    #expect(HalfBlockPicture.Colours(environment: variables) == colours)
  }
}
