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
  /// The values, `[rowCount, columnCount]`, 0 for paper to `form.largestPixel` for ink, as in the data set.
  public let pixels: [UInt8]
  /// How they came about.
  public let treatment: Treatment

  /// The digit to look at: `form.largestPixel` as white, 0 as black.
  public var image: GreyscaleImage {
    GreyscaleImage(width: form.columnCount, height: form.rowCount, pixels: pixels).stretched(
      from: 0, to: form.largestPixel)
  }
}

/// A rectangle of pixels. Its sides and its place may be parts of pixels.
public struct PixelBox: Equatable, Codable, Sendable {
  /// The left edge, from the left.
  public var x: Double
  /// The upper edge, from above.
  public var y: Double
  /// From the left to the right edge.
  public var width: Double
  /// From the upper to the lower edge.
  public var height: Double

  /// A rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

extension PreparedDigit {
  /// Scales clean ink into the form's box, and puts it in its place.
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
  /// The same ink with its strongest parts at 255: thin strokes are faint where they cover parts of pixels only.
  fileprivate var strengthened: Plane {
    // The share of the box whose pixels are at full ink at least.
    let strongShare = 0.08
    let strongest = values.quantile(1 - strongShare)
    guard strongest > 0, strongest < 255 else { return self }
    return map { min(255, $0 * 255 / strongest) }
  }
}

extension DigitForm {
  /// The size of the scaled ink, in whole pixels.
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

  /// Where the scaled ink begins, so that its middle is the digit's.
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
    // In the 28 columns of MNIST's digits, counted from 0, the centre of mass is nearest to 14.
    func start(_ moment: Double, _ fine: Int, _ free: Int) -> Int {
      max(0, min(free, Int((Double(fine / 2) - moment / sum).rounded())))
    }
    return (start(across, fineWidth, freeWidth), start(down, fineHeight, freeHeight))
  }

  fileprivate func value(of amount: Double) -> UInt8 { UInt8((amount * Double(largestPixel) / 255).rounded()) }

  /// Returns the number of bits in each block of them.
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
