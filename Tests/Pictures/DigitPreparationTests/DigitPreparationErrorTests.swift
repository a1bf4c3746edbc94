import DigitPreparation
import Images
import RandomSources
import Testing

@Suite struct DigitPreparationErrorTests {
  @Test("a blank picture of any size and grey is reported")
  func blank() {
    for (width, height, grey) in [
      (1, 1, 0), (1, 1, 255), (28, 28, 0), (28, 28, 50), (28, 28, 255), (280, 280, 50), (300, 200, 128),
      (2000, 1500, 90),
    ] {
      let picture = GreyscaleImage(width: width, height: height, filledWith: UInt8(grey))
      #expect(throws: DigitPreparationError.blank(lowest: UInt8(grey), highest: UInt8(grey))) {
        try DigitPreparation(form: .mnist).prepare(picture)
      }
    }
    let faint = GreyscaleImage.seven().changed { 200 - $2 / 255 * 8 }
    #expect(throws: DigitPreparationError.blank(lowest: 192, highest: 200)) {
      try DigitPreparation(form: .mnist).prepare(faint)
    }
  }

  @Test("a picture without pixels is reported")
  func empty() {
    #expect(throws: DigitPreparationError.empty(width: 0, height: 9)) {
      try DigitPreparation(form: .mnist).prepare(GreyscaleImage(width: 0, height: 9, pixels: []))
    }
  }

  @Test("noise is not taken for a digit", arguments: [280, 64, 1500])
  func noise(_ side: Int) {
    var source = NumPyRandomSource(seed: 5)
    let blank = GreyscaleImage(width: side, height: side, filledWith: 0)
    for picture in [
      blank.changed { _, _, _ in source.uniform() * 255 },
      blank.changed { _, _, _ in 128 + 30 * source.standardNormal() },
    ] {
      #expect(throws: DigitPreparationError.self) { try DigitPreparation(form: .mnist).prepare(picture) }
    }
  }

  @Test("uneven light without ink is not taken for a digit")
  func gradients() {
    let blank = GreyscaleImage(width: 200, height: 160, filledWith: 0)
    for picture in [
      blank.changed { x, _, _ in Double(x) * 255 / 199 }, blank.changed { x, y, _ in 200 - Double(x + y) / 4 },
      blank.changed { x, y, _ in 60 + Double((x - 100) * (x - 100) + (y - 80) * (y - 80)) / 100 },
    ] {
      #expect(throws: DigitPreparationError.self) { try DigitPreparation(form: .mnist).prepare(picture) }
    }
  }

  @Test("equal amounts of dark and light cause an error if the polarity is not given")
  func unclear() {
    let halves = GreyscaleImage(width: 100, height: 100, filledWith: 0).changed { x, _, _ in x < 50 ? 0 : 255 }
    #expect(throws: DigitPreparationError.self) { try DigitPreparation(form: .mnist).prepare(halves) }
    let marks = GreyscaleImage(width: 100, height: 100, filledWith: 128).changed { x, y, grey in
      (20..<40).contains(x) && (20..<80).contains(y) ? 28 : (60..<80).contains(x) && (20..<80).contains(y) ? 228 : grey
    }
    #expect(throws: DigitPreparationError.polarityUnclear(darkShare: 0.5)) {
      try DigitPreparation(form: .mnist).prepare(marks)
    }
    #expect(throws: Never.self) { try DigitPreparation(form: .mnist).prepare(marks, polarity: .dark) }
  }

  @Test("pictures of random sizes and greys never crash, and the pixels of the digit are in range")
  func anything() {
    var source = NumPyRandomSource(seed: 9)
    for round in 0..<400 {
      let width = 1 + Int(source.integer(through: round % 7 == 0 ? 200 : 12))
      let height = 1 + Int(source.integer(through: round % 5 == 0 ? 200 : 12))
      let step = [1, 30, 127, 255][round % 4]
      let pixels = (0..<(width * height)).map { _ in UInt8(Int(source.uniform() * 256) / step * step) }
      let form = round % 2 == 0 ? DigitForm.mnist : .opticalDigits
      guard
        let digit = try? DigitPreparation(form: form)
          .prepare(GreyscaleImage(width: width, height: height, pixels: pixels))
      else { continue }
      #expect(digit.pixels.count == form.rowCount * form.columnCount)
      #expect((digit.pixels.max() ?? 0) <= form.largestPixel)
    }
  }

  @Test(
    "every error is described on one line",
    arguments: [
      DigitPreparationError.empty(width: 0, height: 1), .blank(lowest: 1, highest: 1), .blank(lowest: 1, highest: 5),
      .faint(ink: 8), .lostInNoise(contrast: 20.04, noise: 8), .polarityUnclear(darkShare: 0.5),
      .inkEverywhere(share: 0.9),
      .otherSize(width: 1, height: 2, expectedWidth: 3, expectedHeight: 4),
    ])
  func descriptions(_ error: DigitPreparationError) {
    #expect(!error.description.contains("\n") && error.description.count > 20)
  }
}
