/// How the digits of a data set are laid out: what a picture has to become before a model of that set is asked.
///
/// ```swift
/// let form = DigitForm.mnist                              // 28x28, the ink within 20x20, its mass in the centre
/// let other = DigitForm(rowCount: 32, columnCount: 32)    // the same in proportion
/// ```
///
/// Sources: LeCun, Cortes, Burges: The MNIST database of handwritten digits; Alpaydin, Kaynak: Optical Recognition of
/// Handwritten Digits, UCI Machine Learning Repository. Where they say nothing, the sets' own pixels do: every training
/// digit of MNIST is 20 pixels long on its longer side with its centre of mass within half a pixel of row and column 14,
/// counted from 0; every one of the 8x8 digits fills all eight rows, and most of them the middle five or six columns.
public struct DigitForm: Hashable, Sendable, Encodable {
  /// What is done to the ink's proportions.
  public enum Scaling: String, Sendable, Codable {
    /// Height and width are scaled alike, so that the ink just fits the box.
    case keepingAspect = "keeping-aspect"
    /// The ink fills the box's height; it is made narrower where it would be wider than the box.
    case fillingHeight = "filling-height"
  }

  /// What comes to lie in the middle.
  public enum Centring: String, Sendable, Codable {
    /// The ink's centre of mass.
    case mass
    /// The middle of the rectangle around the ink.
    case box
  }

  /// The rows of a digit.
  public let rowCount: Int
  /// The columns of a digit.
  public let columnCount: Int
  /// The largest pixel value of the data set, which a pixel full of ink has; paper is 0.
  public let largestPixel: UInt8
  /// The height of the box that the ink has to fit, in pixels.
  public let boxHeight: Double
  /// The width of that box.
  public let boxWidth: Double
  /// What is done to the ink's proportions.
  public let scaling: Scaling
  /// What comes to lie in the middle.
  public let centring: Centring
  /// Where above 1, each pixel counts the ink in a block of so many by so many bits, as in the 8x8 digits.
  public let bitsPerSide: Int

  /// MNIST's form: 28x28, 0 to 255, the ink within 20x20 and centred by its mass.
  public static let mnist = DigitForm(rowCount: 28, columnCount: 28)

  /// The form of the 8x8 digits: bitmaps of 32x32, the ink 32 high and at most 20 wide, counted in blocks of 4x4.
  public static let opticalDigits = DigitForm(rowCount: 8, columnCount: 8, largestPixel: 16)

  /// The form for a size.
  ///
  /// From 16 pixels on the shorter side it is MNIST's in proportion: a box of 20/28 of both sides, centred by mass. Smaller
  /// digits have no room for a margin: the ink fills the height, and 5/8 of the width at most, as in the 8x8 digits.
  ///
  /// - Parameters:
  ///   - rowCount: at least 1.
  ///   - columnCount: at least 1.
  ///   - largestPixel: the value of a pixel full of ink, at least 1. With 16 it is taken for a count of 4x4 bits.
  public init(rowCount: Int, columnCount: Int, largestPixel: UInt8 = 255) {
    precondition(rowCount > 0 && columnCount > 0, "a digit has pixels")
    precondition(largestPixel > 0, "ink has a value above that of paper")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.largestPixel = largestPixel
    let hasMargin = min(rowCount, columnCount) >= 16
    boxHeight = hasMargin ? (Double(rowCount) * 20 / 28).rounded() : Double(rowCount)
    boxWidth = hasMargin ? (Double(columnCount) * 20 / 28).rounded() : Double(columnCount) * 5 / 8
    scaling = hasMargin ? .keepingAspect : .fillingHeight
    centring = hasMargin ? .mass : .box
    bitsPerSide = largestPixel == 16 ? 4 : 1
  }
}
