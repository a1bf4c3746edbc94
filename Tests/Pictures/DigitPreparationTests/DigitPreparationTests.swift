import DigitPreparation
import Images
import RandomSources
import Testing

@Suite struct DigitPreparationTests {
  static let mnist = DigitPreparation(form: .mnist)

  static func preparation(_ digit: PreparedDigit) throws -> PreparedDigit.Preparation {
    guard case .prepared(let preparation) = digit.treatment else {
      throw DigitPreparationError.empty(width: 0, height: 0)
    }
    return preparation
  }

  /// Returns the largest difference between the pixels of two digits.
  static func difference(_ one: PreparedDigit, _ other: PreparedDigit) -> Int {
    zip(one.pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  /// Returns the row and the column of a digit's centre of mass.
  static func centre(_ digit: PreparedDigit) -> (row: Double, column: Double) {
    var (sum, row, column) = (0.0, 0.0, 0.0)
    for (index, value) in digit.pixels.enumerated() {
      sum += Double(value)
      row += Double(value) * Double(index / digit.form.columnCount)
      column += Double(value) * Double(index % digit.form.columnCount)
    }
    return (row / sum, column / sum)
  }

  @Test("the ink is 20 pixels long and centred by mass, and the rectangles around the ink are recorded")
  func placed() throws {
    let digit = try Self.mnist.prepare(.seven())
    let preparation = try Self.preparation(digit)
    #expect(preparation.polarity == .light && !preparation.isPaperUneven && preparation.speckCount == 0)
    #expect(preparation.box == PixelBox(x: 84, y: 56, width: 84, height: 140))
    #expect(preparation.place.width == 12 && preparation.place.height == 20)
    let centre = Self.centre(digit)
    #expect(abs(centre.row - 14) <= 0.5 && abs(centre.column - 14) <= 0.5)
    let rows = (0..<28).filter { row in digit.pixels[(row * 28)..<(row * 28 + 28)].contains { $0 > 0 } }
    #expect(rows.count == 20 && rows.first == Int(preparation.place.y))
    #expect(digit.pixels.max() == 255)
  }

  @Test("dark ink on light paper gives the same digit as light ink on a dark background")
  func inverted() throws {
    let light = try Self.mnist.prepare(.seven())
    let dark = try Self.mnist.prepare(GreyscaleImage.seven().negative)
    #expect(light.pixels == dark.pixels)
    #expect(try Self.preparation(dark).polarity == .dark)
    // Pale grey ink on white paper, then darker ink on grey paper.
    let pale = try Self.mnist.prepare(GreyscaleImage.seven().changed { 255 - $2 * 0.2 })
    #expect(Self.difference(light, pale) <= 1)
    let grey = try Self.mnist.prepare(GreyscaleImage.seven().changed { 120 + $2 * 0.3 })
    #expect(Self.difference(light, grey) <= 1)
  }

  @Test(
    "the position and the size of the digit in the picture make no difference", arguments: [(0.02, 0.03), (0.6, 0.45)])
  func offCentre(_ left: Double, _ top: Double) throws {
    let middle = try Self.mnist.prepare(.seven())
    let aside = try Self.mnist.prepare(.seven(left: left, top: top))
    #expect(aside.pixels == middle.pixels)
    let large = try Self.mnist.prepare(.seven(width: 560, height: 560, stroke: 40))
    #expect(Self.difference(middle, large) <= 1)
  }

  @Test("a photograph of 4000x3000 pixels gives the digit, and the box is in pixels of the photograph")
  func huge() throws {
    let picture = GreyscaleImage.seven(width: 4000, height: 3000, stroke: 200, size: 0.4).negative
    let digit = try Self.mnist.prepare(picture)
    let preparation = try Self.preparation(digit)
    #expect(abs(preparation.box.x - 1200) <= 4 && abs(preparation.box.height - 1200) <= 8)
    let small = try Self.mnist.prepare(GreyscaleImage.seven(width: 1000, height: 750, stroke: 50, size: 0.4))
    #expect(Self.difference(digit, small) <= 2)
  }

  @Test("a tiny picture is enlarged")
  func tiny() throws {
    var picture = GreyscaleImage(width: 5, height: 7, filledWith: 0)
    for y in 1..<6 { picture[x: 2, y: y] = 255 }
    let digit = try Self.mnist.prepare(picture)
    #expect(try Self.preparation(digit).place.height == 20)
    #expect(digit.pixels.count { $0 == 255 } == 20 * 4)
  }

  @Test("thin strokes become as strong as thick strokes")
  func thin() throws {
    let digit = try Self.mnist.prepare(.seven(stroke: 3))
    #expect(digit.pixels.count { $0 >= 200 } >= 20)
  }

  @Test("uneven light, a hard shadow and grain hardly change the digit", arguments: [0, 0.2, 0.35], [0.0, 3, 10])
  func photographs(_ shadow: Double, _ grain: Double) throws {
    let clean = try Self.mnist.prepare(.seven(left: 0.4))
    let digit = try Self.mnist.prepare(
      GreyscaleImage.seven(left: 0.4).photographed(shadow: shadow, grain: grain))
    let preparation = try Self.preparation(digit)
    #expect(preparation.polarity == .dark && preparation.isPaperUneven)
    #expect(abs(preparation.box.x - 112) <= 3 && abs(preparation.box.width - 84) <= 5)
    #expect(abs(preparation.box.y - 56) <= 3 && abs(preparation.box.height - 140) <= 5)
    let differing = zip(clean.pixels, digit.pixels).count { abs(Int($0) - Int($1)) > 100 }
    #expect(differing <= 24, "\(differing) pixels differ")
  }

  @Test("specks are removed and counted")
  func specks() throws {
    var picture = GreyscaleImage.seven()
    for (x, y) in [(5, 5), (270, 20), (12, 250), (200, 230)] { picture[x: x, y: y] = 255 }
    let digit = try Self.mnist.prepare(picture)
    #expect(try Self.preparation(digit).speckCount == 4)
    #expect(digit.pixels == (try Self.mnist.prepare(.seven())).pixels)
  }

  @Test("two strokes that do not touch are both kept")
  func strokes() throws {
    var picture = GreyscaleImage(width: 100, height: 100, filledWith: 0)
    picture.fillForTest(x: 30, y: 20, width: 30, height: 6)
    picture.fillForTest(x: 40, y: 40, width: 6, height: 40)
    let box = try Self.preparation(Self.mnist.prepare(picture)).box
    #expect(box == PixelBox(x: 30, y: 20, width: 30, height: 60))
  }

  @Test("a given polarity is used even if the picture has the opposite polarity")
  func givenPolarity() throws {
    #expect(throws: DigitPreparationError.self) { try Self.mnist.prepare(.seven(), polarity: .dark) }
    #expect(try Self.preparation(Self.mnist.prepare(.seven(), polarity: .light)).polarity == .light)
  }

  @Test("the same picture gives the same pixels")
  func determinism() throws {
    let picture = GreyscaleImage.seven().photographed(shadow: 0.3, grain: 8)
    let first = try Self.mnist.prepare(picture)
    for _ in 0..<3 { #expect(try Self.mnist.prepare(picture) == first) }
  }

  @Test(
    "a digit has the size and the pixel range of its form",
    arguments: [(28, 28, 255), (8, 8, 16), (32, 32, 255), (16, 24, 100), (7, 5, 255), (1, 1, 1), (64, 20, 3)])
  func sizes(_ rows: Int, _ columns: Int, _ largestPixel: Int) throws {
    let form = DigitForm(rowCount: rows, columnCount: columns, largestPixel: UInt8(largestPixel))
    let digit = try DigitPreparation(form: form).prepare(.seven())
    #expect(digit.pixels.count == rows * columns)
    #expect((digit.pixels.max() ?? 0) <= UInt8(largestPixel))
    #expect(digit.image.width == columns && digit.image.height == rows)
    if rows > 1 { #expect(digit.pixels.contains { $0 > 0 }) }
  }

  @Test("an 8x8 digit counts bits in blocks, and its ink fills the height and at most 20 of 32 columns of bits")
  func opticalDigits() throws {
    var bar = GreyscaleImage(width: 100, height: 100, filledWith: 255)
    bar.fillForTest(x: 40, y: 10, width: 20, height: 80, grey: 0)
    let digit = try DigitPreparation(form: .opticalDigits).prepare(bar)
    // The ink is 8 of 32 bits wide and centred: columns 3 and 4.
    #expect(digit.pixels == (0..<8).flatMap { _ -> [UInt8] in [0, 0, 0, 16, 16, 0, 0, 0] })
    var wide = GreyscaleImage(width: 100, height: 100, filledWith: 0)
    wide.fillForTest(x: 10, y: 40, width: 80, height: 20)
    let squeezed = try DigitPreparation(form: .opticalDigits).prepare(wide)
    #expect(squeezed.pixels == (0..<8).flatMap { _ -> [UInt8] in [0, 8, 16, 16, 16, 16, 8, 0] })
  }
}

extension GreyscaleImage {
  mutating func fillForTest(x: Int, y: Int, width: Int, height: Int, grey: UInt8 = 255) {
    for row in y..<(y + height) { for column in x..<(x + width) { self[x: column, y: row] = grey } }
  }
}
