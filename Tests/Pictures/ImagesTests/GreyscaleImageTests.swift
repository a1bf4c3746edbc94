import Images
import Testing

@Suite struct GreyscaleImageTests {
  @Test("every pixel becomes a square, even if the picture is not square")
  func scaled() {
    let image = GreyscaleImage(width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    #expect(
      image.scaled(by: 2)
        == GreyscaleImage(
          width: 6, height: 4,
          pixels: [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6]))
    #expect(image.scaled(by: 1) == image)
    let empty = GreyscaleImage(width: 0, height: 4, pixels: []).scaled(by: 3)
    #expect(empty.width == 0 && empty.height == 12)
  }

  @Test("the 17 greys of the 8x8 digits are stretched to 0...255 and rounded to the nearest value")
  func stretched() {
    let image = GreyscaleImage(width: 17, height: 1, pixels: Array(0...16)).stretched(from: 0, to: 16)
    #expect(image.pixels == [0, 16, 32, 48, 64, 80, 96, 112, 128, 143, 159, 175, 191, 207, 223, 239, 255])
  }

  @Test("greys outside the range become black or white, and the full range changes nothing")
  func stretchedOutside() {
    let image = GreyscaleImage(width: 5, height: 1, pixels: [0, 9, 10, 12, 200])
    #expect(image.stretched(from: 10, to: 12).pixels == [0, 0, 0, 255, 255])
    let all = GreyscaleImage(width: 16, height: 16, pixels: Array(0...255))
    #expect(all.stretched(from: 0, to: 255) == all)
  }

  @Test("a subscript accesses the pixel in a column and a row")
  func subscripts() {
    var image = GreyscaleImage(width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image[x: 2, y: 0] == 3)
    image[x: 0, y: 1] = 9
    #expect(image.pixels == [1, 2, 3, 9, 5, 6])
  }
}

@Suite struct DrawingTests {
  /// Returns the greys as rows of digits.
  static func rows(_ image: GreyscaleImage) -> [String] {
    (0..<image.height).map { y in (0..<image.width).map { String(image[x: $0, y: y]) }.joined() }
  }

  @Test("a rectangle is filled only inside the picture")
  func fill() {
    var image = GreyscaleImage(width: 4, height: 3, filledWith: 0)
    image.fill(x: 1, y: 1, width: 2, height: 1, grey: 5)
    image.fill(x: 3, y: -2, width: 9, height: 3, grey: 7)
    image.fill(x: 9, y: 0, width: 3, height: 3, grey: 8)
    #expect(Self.rows(image) == ["0007", "0550", "0000"])
  }

  @Test(
    "an enlarged picture is drawn and clipped at every edge",
    arguments: [
      (1, 1, ["00000", "01122", "01122", "03344"]),
      (-1, -1, ["12200", "34400", "34400", "00000"]),
      (3, 2, ["00000", "00000", "00011", "00011"]),
      (-3, 0, ["20000", "20000", "40000", "40000"]),
      (5, 0, ["00000", "00000", "00000", "00000"]),
      (0, -4, ["00000", "00000", "00000", "00000"]),
    ])
  func draw(_ x: Int, _ y: Int, _ rows: [String]) {
    var image = GreyscaleImage(width: 5, height: 4, filledWith: 0)
    image.draw(GreyscaleImage(width: 2, height: 2, pixels: [1, 2, 3, 4]), x: x, y: y, scale: 2)
    #expect(Self.rows(image) == rows)
  }

  @Test("a picture at scale 1 is copied and clipped at the edges")
  func drawUnscaled() {
    var image = GreyscaleImage(width: 3, height: 2, filledWith: 0)
    image.draw(GreyscaleImage(width: 2, height: 2, pixels: [1, 2, 3, 4]), x: -1, y: 0)
    image.draw(GreyscaleImage(width: 2, height: 2, pixels: [5, 6, 7, 8]), x: 2, y: 1)
    #expect(Self.rows(image) == ["200", "405"])
  }
}
