/// The layout of a data set's digits: their size, the position of the ink and the range of the pixel values.
///
/// A model expects digits in the form of the data set that it was trained on.
///
/// ```swift
/// let form = DigitForm.mnist                              // 28x28, the ink within 20x20, its mass in the centre
/// let other = DigitForm(rowCount: 32, columnCount: 32)    // the same proportions
/// ```
///
/// Sources: LeCun, Cortes, Burges: The MNIST database of handwritten digits; Alpaydin, Kaynak: Optical Recognition of
/// Handwritten Digits, UCI Machine Learning Repository.
///
/// The other details were measured on the data sets:
///
/// - In every MNIST training digit, the longer side of the ink has 20 pixels.
/// - The centre of mass of an MNIST digit is within half a pixel of row and column 14, counted from 0.
/// - Every 8x8 digit fills all eight rows. Most of these digits fill the middle five or six columns.
public struct DigitForm: Hashable, Sendable, Encodable {
  /// The rule for scaling the ink to the box that it must fit.
  public enum Scaling: String, Sendable, Codable {
    /// Scaling of height and width by the same factor, the largest with which the ink fits the box.
    case keepingAspect = "keeping-aspect"
    /// Scaling by the factor that makes the ink as high as the box. Ink that would be too wide is narrowed to the box.
    case fillingHeight = "filling-height"
  }

  /// The point of the ink that is placed in the middle of the digit.
  public enum Centring: String, Sendable, Codable {
    /// The ink's centre of mass.
    case mass
    /// The middle of the rectangle around the ink.
    case box
  }

  /// The number of rows of a digit.
  public let rowCount: Int
  /// The number of columns of a digit.
  public let columnCount: Int
  /// The largest pixel value of the data set: the value of a pixel full of ink. Paper has the value 0.
  public let largestPixel: UInt8
  /// The height of the box that the ink must fit, in pixels.
  public let boxHeight: Double
  /// The width of the box that the ink must fit, in pixels.
  public let boxWidth: Double
  /// The rule for scaling the ink to the box that it must fit.
  public let scaling: Scaling
  /// The point of the ink that is placed in the middle of the digit.
  public let centring: Centring
  /// The side of the square of bits that each pixel counts, or 1 if pixels are grey values.
  ///
  /// In the 8x8 digits the side is 4: each pixel is the number of ink bits in a square of 4x4 bits.
  public let bitsPerSide: Int

  /// The form of MNIST: 28x28 pixels with values from 0 to 255.
  ///
  /// The ink fits a box of 20x20 pixels and is centred by its mass.
  public static let mnist = DigitForm(rowCount: 28, columnCount: 28)

  /// The form of the 8x8 digits.
  ///
  /// Each digit comes from a bitmap of 32x32 bits. A pixel is the number of ink bits in a block of 4x4 bits. The ink is
  /// 32 bits high and at most 20 bits wide.
  public static let opticalDigits = DigitForm(rowCount: 8, columnCount: 8, largestPixel: 16)

  /// Creates the form for digits of the given size.
  ///
  /// If both sides have 16 pixels or more, the form has the proportions of MNIST. Each side of the ink's box is then
  /// 20/28 of the digit's side, and the ink is centred by mass. Smaller digits have no margin. As in the 8x8 digits,
  /// the ink fills the height and at most 5/8 of the width.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows, at least 1.
  ///   - columnCount: The number of columns, at least 1.
  ///   - largestPixel: The value of a pixel that is full of ink, at least 1. With the value 16, each pixel is the
  ///     number of ink bits in a block of 4x4 bits.
  public init(rowCount: Int, columnCount: Int, largestPixel: UInt8 = 255) {
    precondition(rowCount > 0 && columnCount > 0, "a digit has at least one row and one column")
    precondition(largestPixel > 0, "the largest pixel value is at least 1")
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
