import Drawing
import Images
import Testing

@Suite struct HalfBlockPictureTests {
  @Test("a line shows two rows of pixels, and colours are set only when they change")
  func trueColour() {
    let image = GreyscaleImage(width: 3, height: 2, pixels: [0, 0, 255, 7, 7, 128])
    #expect(
      HalfBlockPicture(image, colours: .trueColour).lines == [
        "\u{1B}[38;2;0;0;0;48;2;7;7;7m▀▀\u{1B}[38;2;255;255;255;48;2;128;128;128m▀\u{1B}[0m"
      ])
  }

  @Test("with 256 colours the nearest grey is used", arguments: 0...255 as ClosedRange<UInt8>)
  func palette(_ grey: UInt8) throws {
    let line = HalfBlockPicture(GreyscaleImage(width: 1, height: 1, pixels: [grey]), colours: .palette256).lines[0]
    let match = try #require(line.wholeMatch(of: /\x1B\[38;5;(\d+);48;5;16m▀\x1B\[0m/))
    let number = try #require(Int(match.1))
    let greys = [16: 0, 231: 255].merging((232...255).map { ($0, 8 + 10 * ($0 - 232)) }) { $1 }
    let distance = abs(try #require(greys[number]) - Int(grey))
    #expect(greys.values.allSatisfy { abs($0 - Int(grey)) >= distance })
  }

  @Test("without colours only the pixels lighter than half are drawn")
  func noColours() {
    let image = GreyscaleImage(width: 4, height: 3, pixels: [0, 255, 0, 255, 0, 0, 128, 128, 200, 127, 0, 255])
    #expect(HalfBlockPicture(image, colours: .none).lines == [" ▀▄█", "▀  ▀"])
  }

  @Test("a picture without pixels gives no characters", arguments: HalfBlockPicture.Colours.allCases)
  func empty(_ colours: HalfBlockPicture.Colours) {
    #expect(HalfBlockPicture(GreyscaleImage(width: 3, height: 0, pixels: []), colours: colours).lines == [])
    #expect(HalfBlockPicture(GreyscaleImage(width: 0, height: 3, pixels: []), colours: colours).lines == ["", ""])
  }

  @Test(
    "TERM, COLORTERM, NO_COLOR and the locale determine the colours of a terminal",
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
