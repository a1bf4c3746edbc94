import Drawing
import Images
import Testing

@Suite struct PixelFontTests {
  /// Returns a line of text, drawn in black on white, as rows of `#` and `.`.
  static func drawn(_ text: String, scale: Int = 1) -> [String] {
    var image = GreyscaleImage(
      width: PixelFont.width(of: text, scale: scale), height: PixelFont.height * scale, filledWith: 255)
    image.draw(text, x: 0, y: 0, scale: scale)
    return (0..<image.height).map { y in
      String((0..<image.width).map { image[x: $0, y: y] == 0 ? "#" : "." as Character })
    }
  }

  static let printable = (0x21...0x7e).map { Character(UnicodeScalar($0)) } + ["→", "×", "–", "…"]

  @Test("letters are one pixel apart, and letters such as p reach below the line")
  func shape() {
    #expect(
      Self.drawn("1p") == [
        "..#........",
        ".##........",
        "..#...####.",
        "..#...#...#",
        "..#...#...#",
        "..#...##..#",
        ".###..#.##.",
        "......#....",
        "......#....",
      ])
  }

  @Test("every printable character has its own shape")
  func distinct() {
    let box = Self.drawn("\u{1F600}")
    let letters = Self.printable.map { Self.drawn(String($0)) }
    #expect(Set(letters).count == Self.printable.count)
    #expect(!letters.contains(box))
    #expect(letters.allSatisfy { $0.joined().contains("#") } as Bool)
  }

  @Test("an unknown character is drawn as one box, even if it has several Unicode scalars")
  func unknown() {
    #expect(Self.drawn("é") == Self.drawn("\u{1F469}\u{200D}\u{1F52C}"))
    #expect(Self.drawn("é").joined().contains("#"))
  }

  @Test("all digits have the same width")
  func figures() {
    #expect(Set("0123456789".map { PixelFont.width(of: String($0)) }) == [5])
  }

  @Test("text drawn at a scale equals the enlarged text")
  func scale() {
    let small = Self.drawn("Ag 3")
    let large = Self.drawn("Ag 3", scale: 3)
    let enlarged = small.flatMap { row in
      Array(repeating: row.map { String(repeating: $0, count: 3) }.joined(), count: 3)
    }
    #expect(large == enlarged)
    #expect(PixelFont.width(of: "") == 0)
  }

  @Test("lines break between words, and inside a word that is too long")
  func lines() {
    // A digit is 5 pixels wide and a space is 3 pixels wide. One blank pixel follows each character.
    #expect(PixelFont.lines(of: "11 22  33", fitting: 27) == ["11 22", "33"])
    #expect(PixelFont.lines(of: "11 22 33", fitting: 26) == ["11", "22", "33"])
    #expect(PixelFont.lines(of: "12345 6", fitting: 17) == ["123", "45", "6"])
    #expect(PixelFont.lines(of: "12", fitting: 0) == ["1", "2"])
    #expect(PixelFont.lines(of: " \n", fitting: 50) == [])
  }
}
