public import Images

/// A digit in the form that a model expects, with a record of how the digit was made.
public struct PreparedDigit: Equatable, Sendable {
  /// The way in which a digit was made from a picture.
  public enum Treatment: Equatable, Sendable {
    /// The picture was used unchanged. Each pixel of the digit was a square of `enlargement` by `enlargement` pixels in
    /// the picture.
    case taken(enlargement: Int)
    /// The ink was separated, scaled and centred.
    case prepared(Preparation)
  }

  /// The details of a preparation.
  public struct Preparation: Equatable, Sendable {
    /// The polarity of the ink: dark or light.
    public let polarity: InkPolarity
    /// Whether the paper was uneven, as in a photograph.
    public let isPaperUneven: Bool
    /// The rectangle around the ink in the picture, in pixels of the picture.
    public let box: PixelBox
    /// The rectangle around the ink in the finished digit, in pixels of the digit.
    public let place: PixelBox
    /// The number of connected parts that were removed from the ink, such as specks.
    public let speckCount: Int
  }

  /// The form of the digit.
  public let form: DigitForm
  /// The pixel values, `[rowCount, columnCount]`, from 0 for paper to `form.largestPixel` for ink.
  public let pixels: [UInt8]
  /// The way in which the digit was made from the picture.
  public let treatment: Treatment

  /// The digit as a picture for viewing: 0 is black and `form.largestPixel` is white.
  public var image: GreyscaleImage {
    GreyscaleImage(width: form.columnCount, height: form.rowCount, pixels: pixels).stretched(
      from: 0, to: form.largestPixel)
  }
}

/// A rectangle of pixels. Its position and its size may be fractions of pixels.
public struct PixelBox: Equatable, Codable, Sendable {
  /// The distance from the left edge of the picture to the left edge of the rectangle.
  public var x: Double
  /// The distance from the upper edge of the picture to the upper edge of the rectangle.
  public var y: Double
  /// The distance between the left and the right edge of the rectangle.
  public var width: Double
  /// The distance between the upper and the lower edge of the rectangle.
  public var height: Double

  /// Creates a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

extension PreparedDigit {
  /// Creates a digit from clean ink. The ink is scaled to the form's box and centred.
  ///
  /// - Parameter factor: The factor by which the picture was reduced before the ink was separated.
  init(_ ink: CleanInk, form: DigitForm, reducedBy factor: Int) {
    let bits = Double(form.bitsPerSide)
    let (fineWidth, fineHeight) = (form.columnCount * form.bitsPerSide, form.rowCount * form.bitsPerSide)
    let (width, height) = form.size(
      of: ink, boxWidth: Int((form.boxWidth * bits).rounded()), boxHeight: Int((form.boxHeight * bits).rounded()))
    let scaled = ink.amounts.scaled(columns: ink.columns, rows: ink.rows, width: width, height: height).strengthened
    let (left, top) = form.corner(of: scaled, fineWidth, fineHeight)
    var fine = Plane(
      width: fineWidth, height: fineHeight, values: [Double](repeating: 0, count: fineWidth * fineHeight))
    for y in 0..<height { for x in 0..<width { fine[left + x, top + y] = scaled[x, y] } }
    self.form = form
    pixels = form.bitsPerSide > 1 ? form.counted(fine) : fine.values.map(form.value)
    let size = Double(factor)
    treatment = .prepared(
      .init(
        polarity: ink.polarity, isPaperUneven: ink.isPaperUneven,
        box: PixelBox(
          x: Double(ink.columns.lowerBound) * size, y: Double(ink.rows.lowerBound) * size,
          width: Double(ink.columns.count) * size, height: Double(ink.rows.count) * size),
        place: PixelBox(
          x: Double(left) / bits, y: Double(top) / bits, width: Double(width) / bits, height: Double(height) / bits),
        speckCount: ink.speckCount))
  }
}

extension Plane {
  /// The ink with its strongest parts raised to 255.
  ///
  /// After scaling, thin strokes cover only parts of pixels and are therefore faint.
  fileprivate var strengthened: Plane {
    // The smallest fraction of the pixels that must become full ink.
    let strongShare = 0.08
    let strongest = values.quantile(1 - strongShare)
    guard strongest > 0, strongest < 255 else { return self }
    return map { min(255, $0 * 255 / strongest) }
  }
}

extension DigitForm {
  /// Returns the size of the ink after scaling, in whole pixels.
  fileprivate func size(of ink: CleanInk, boxWidth: Int, boxHeight: Int) -> (width: Int, height: Int) {
    let (inkWidth, inkHeight) = (Double(ink.columns.count), Double(ink.rows.count))
    let scale =
      switch scaling {
      case .keepingAspect: min(Double(boxWidth) / inkWidth, Double(boxHeight) / inkHeight)
      case .fillingHeight: Double(boxHeight) / inkHeight
      }
    func side(_ length: Double, _ most: Int) -> Int { max(1, min(most, Int((length * scale).rounded()))) }
    return (side(inkWidth, boxWidth), side(inkHeight, boxHeight))
  }

  /// Returns the position of the scaled ink's top left corner at which the ink is centred in the digit.
  fileprivate func corner(of scaled: Plane, _ fineWidth: Int, _ fineHeight: Int) -> (left: Int, top: Int) {
    let freeWidth = fineWidth - scaled.width
    let freeHeight = fineHeight - scaled.height
    guard centring == .mass else { return (freeWidth / 2, freeHeight / 2) }
    var (sum, across, down) = (0.0, 0.0, 0.0)
    for y in 0..<scaled.height {
      for x in 0..<scaled.width {
        sum += scaled[x, y]
        across += scaled[x, y] * Double(x)
        down += scaled[x, y] * Double(y)
      }
    }
    // In MNIST's digits the centre of mass is nearest to row and column 14 of 28, counted from 0.
    func start(_ moment: Double, _ fine: Int, _ free: Int) -> Int {
      max(0, min(free, Int((Double(fine / 2) - moment / sum).rounded())))
    }
    return (start(across, fineWidth, freeWidth), start(down, fineHeight, freeHeight))
  }

  fileprivate func value(of amount: Double) -> UInt8 { UInt8((amount * Double(largestPixel) / 255).rounded()) }

  /// Returns the number of ink bits in each block of `bitsPerSide` by `bitsPerSide` bits, `[rowCount, columnCount]`.
  fileprivate func counted(_ fine: Plane) -> [UInt8] {
    (0..<rowCount).flatMap { row in
      (0..<columnCount).map { column in
        var count: UInt8 = 0
        for y in (row * bitsPerSide)..<((row + 1) * bitsPerSide) {
          for x in (column * bitsPerSide)..<((column + 1) * bitsPerSide) where fine[x, y] >= 127.5 { count += 1 }
        }
        return count
      }
    }
  }
}
