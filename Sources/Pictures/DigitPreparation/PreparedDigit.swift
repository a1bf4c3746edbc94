public import Images

/// A digit as a model of its form takes it, and what was done to the picture that it came from.
public struct PreparedDigit: Equatable, Sendable {
  /// What came of a picture.
  public enum Treatment: Equatable, Sendable {
    /// Taken as it is: a picture of the model's own, each pixel a square of `enlargement` by `enlargement`.
    case taken(enlargement: Int)
    /// Made anew, as the data set's digits were made.
    case prepared(Preparation)
  }

  /// What was done to a picture.
  public struct Preparation: Equatable, Sendable {
    /// Which of ink and paper was the darker one.
    public let polarity: InkPolarity
    /// Whether the paper was uneven, as in a photograph, and was flattened.
    public let isPaperUneven: Bool
    /// The rectangle around the ink, in the picture's pixels.
    public let box: PixelBox
    /// Where in the digit that rectangle has come to lie.
    public let place: PixelBox
    /// How many specks were left out: parts too small or too faint for a stroke.
    public let speckCount: Int
  }

  /// The form that it has.
  public let form: DigitForm
  /// The values, `[rowCount, columnCount]`, 0 for paper to `form.white` for ink, as in the data set.
  public let pixels: [UInt8]
  /// How they came about.
  public let treatment: Treatment

  /// The digit to look at: `form.white` as white, 0 as black.
  public var image: GreyscaleImage {
    GreyscaleImage(width: form.columnCount, height: form.rowCount, pixels: pixels).stretched(from: 0, to: form.white)
  }
}
