import Datasets
import DigitPreparation
import Images
import Testing

/// Tests that digits of a data set are recovered exactly from pictures that the toolkit wrote.
@Suite struct EnlargementTests {
  @Test(
    "8x8 digits are recovered at any scale, with stretched or with original values", arguments: [1, 3, 14])
  func digits(_ factor: Int) throws {
    let data = try ImageDataset.digits()
    let preparation = DigitPreparation(form: .opticalDigits)
    for index in stride(from: 0, to: data.count, by: 7) {
      let original = GreyscaleImage(width: 8, height: 8, pixels: Array(data.image(index)))
      for picture in [original, original.stretched(from: 0, to: 16)] {
        let digit = try preparation.prepare(picture.scaled(by: factor))
        #expect(digit.pixels == original.pixels)
        #expect(digit.treatment == .taken(enlargement: factor))
      }
    }
  }

  @Test("a digit of MNIST's size is recovered at any scale, even if its ink is not centred", arguments: [1, 4, 10])
  func mnist(_ factor: Int) throws {
    let original = GreyscaleImage.seven(width: 28, height: 28, stroke: 3, left: 0, top: 0, size: 0.6)
    let digit = try DigitPreparation(form: .mnist).prepare(original.scaled(by: factor))
    #expect(digit.pixels == original.pixels)
    #expect(digit.treatment == .taken(enlargement: factor))
    #expect(digit.image == original)
  }

  @Test("a picture is prepared if requested, if its paper is light, or if one pixel breaks the enlargement")
  func prepared() throws {
    let original = GreyscaleImage.seven(width: 28, height: 28, stroke: 3)
    let preparation = DigitPreparation(form: .mnist)
    var broken = original.scaled(by: 5)
    broken[x: 139, y: 139] = 1
    for digit in [
      try preparation.prepare(original, recognition: .off), try preparation.prepare(original.negative),
      try preparation.prepare(broken),
    ] {
      guard case .prepared = digit.treatment else {
        Issue.record("the picture was used unchanged")
        continue
      }
    }
  }

  @Test(
    "if unchanged use is required, light pictures are accepted, and the error for another size gives both sizes")
  func required() throws {
    let preparation = DigitPreparation(form: .mnist)
    let light = GreyscaleImage.seven(width: 28, height: 28, stroke: 3).negative
    #expect(try preparation.prepare(light, recognition: .required).pixels == light.pixels)
    let black = GreyscaleImage(width: 56, height: 56, filledWith: 0)
    #expect(try preparation.prepare(black, recognition: .required).pixels.allSatisfy { $0 == 0 })
    for (width, height) in [(29, 28), (28, 56), (280, 281), (14, 14)] {
      #expect(
        throws: DigitPreparationError.otherSize(width: width, height: height, expectedWidth: 28, expectedHeight: 28)
      ) {
        try preparation.prepare(.seven(width: width, height: height, stroke: 3), recognition: .required)
      }
    }
  }
}
