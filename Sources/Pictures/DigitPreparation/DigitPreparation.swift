public import Images

/// A converter from pictures of handwritten digits to the input pixels of a model.
///
/// ```swift
/// let preparation = DigitPreparation(form: .mnist)
/// let digit = try preparation.prepare(PNG.decode(DurableFile.read("mine.png")))
/// let answer = try model.outputs(for: digit.pixels)
/// ```
///
/// The converter follows the way in which the model's data set was made. It separates the ink from the paper, whichever
/// is darker. It compensates the uneven light of a photograph and removes grain and specks. Then it cuts out the ink,
/// scales it to the form's box by averaging areas, and centres it.
///
/// A picture that already is a digit of the form, or an exact enlargement of one by a whole factor, is used unchanged.
/// A model therefore gives the same answer for a digit saved as PNG as for the original.
///
/// The picture must show one digit and little else. The same picture gives the same pixels on any machine.
///
/// Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proceedings of the
/// IEEE 86 (1998), III.A, for the placement of MNIST's digits.
public struct DigitPreparation: Sendable {
  /// The rule for using a picture unchanged.
  public enum Recognition: Sendable {
    /// A picture is used unchanged if it has the form's size or is an exact enlargement, and its border is not light.
    case automatic
    /// Every picture is used unchanged. A picture that has neither the form's size nor that of an exact enlargement is
    /// an error.
    case required
    /// Every picture is prepared, even if it has the form's size.
    case off
  }

  /// The smallest difference between ink and paper, in grey values.
  public static let lowestContrast = 12

  /// The longest side of a picture while it is processed, in pixels. Larger pictures are reduced first.
  ///
  /// A finished digit has only about 20 pixels on a side, so nothing is lost.
  static let workingSide = 1024

  /// The form of the prepared digits.
  public let form: DigitForm

  /// Creates a preparation for a form.
  public init(form: DigitForm) { self.form = form }

  /// Returns the digit on a picture, in the form of the model's data set.
  ///
  /// - Parameters:
  ///   - image: One digit on paper, of any size: a photograph, a scan or a drawing.
  ///   - polarity: Whether the ink is dark or light. If it is nil, the polarity is detected from the picture.
  ///   - recognition: The rule for using a picture unchanged.
  /// - Throws: ``DigitPreparationError`` if the picture has no ink, or if ink and paper cannot be separated.
  /// - Complexity: O(width * height).
  public func prepare(
    _ image: GreyscaleImage, polarity: InkPolarity? = nil, recognition: Recognition = .automatic
  ) throws(DigitPreparationError) -> PreparedDigit {
    guard let lowest = image.pixels.min(), let highest = image.pixels.max() else {
      throw .empty(width: image.width, height: image.height)
    }
    if case .required = recognition, let taken = try taken(image, highest: highest, recognition) { return taken }
    guard Int(highest) - Int(lowest) >= Self.lowestContrast else { throw .blank(lowest: lowest, highest: highest) }
    if let taken = try taken(image, highest: highest, recognition) { return taken }

    let factor = (max(image.width, image.height) + Self.workingSide - 1) / Self.workingSide
    let plane = Plane(image, reducedBy: factor)
    let ink: Ink
    switch Paper.around(plane) {
    case .flat(let grey): ink = try Ink(of: plane, onFlat: grey, polarity: polarity)
    case .uneven: ink = Ink(of: plane, on: try PaperSurface(of: plane, polarity: polarity))
    }
    return PreparedDigit(try ink.cleaned(), form: form, reducedBy: factor)
  }

  /// Returns the picture unchanged as a digit, or nil if it has to be prepared.
  private func taken(
    _ image: GreyscaleImage, highest: UInt8, _ recognition: Recognition
  ) throws(DigitPreparationError) -> PreparedDigit? {
    if case .off = recognition { return nil }
    guard let enlargement = image.enlargement(ofWidth: form.columnCount, height: form.rowCount) else {
      if case .automatic = recognition { return nil }
      throw .otherSize(
        width: image.width, height: image.height, expectedWidth: form.columnCount, expectedHeight: form.rowCount)
    }
    var pixels = image.reduced(by: enlargement)
    if case .automatic = recognition {
      guard highest > 0 else { return nil }
      // A light border means that the picture shows ink on paper.
      let own = Plane(width: form.columnCount, height: form.rowCount, values: pixels.map(Double.init))
      if case .flat(let grey) = Paper.around(own), grey >= 128 { return nil }
    }
    // Pixels above the form's largest value were stretched to 0...255 for viewing. Scale them back to the data set's
    // range.
    if form.largestPixel < 255, highest > form.largestPixel {
      pixels = pixels.map { UInt8((Int($0) * Int(form.largestPixel) * 2 + 255) / 510) }
    }
    return PreparedDigit(form: form, pixels: pixels, treatment: .taken(enlargement: enlargement))
  }
}

extension GreyscaleImage {
  /// Returns the whole factor by which a picture of the given size was enlarged to this picture.
  ///
  /// Every pixel of the smaller picture must have become a square of one grey. The result is 1 for a picture of exactly
  /// that size, and nil for a picture that is not an exact enlargement.
  ///
  /// - Complexity: O(width * height).
  fileprivate func enlargement(ofWidth smallWidth: Int, height smallHeight: Int) -> Int? {
    let factor = width / smallWidth
    guard factor > 0, width.isMultiple(of: smallWidth), height.isMultiple(of: factor), height / factor == smallHeight
    else { return nil }
    let isEnlarged = pixels.withUnsafeBufferPointer { pixels in
      (0..<height).allSatisfy { y in
        (0..<width).allSatisfy { x in pixels[y * width + x] == pixels[(y / factor * width + x / factor) * factor] }
      }
    }
    return isEnlarged ? factor : nil
  }

  /// Returns one pixel of each square of `factor` by `factor` pixels.
  fileprivate func reduced(by factor: Int) -> [UInt8] {
    guard factor > 1 else { return pixels }
    return stride(from: 0, to: height, by: factor).flatMap { y in
      stride(from: 0, to: width, by: factor).map { x in pixels[y * width + x] }
    }
  }
}

/// The reason why a picture could not be converted to a digit.
public enum DigitPreparationError: Error, Equatable, Sendable {
  /// The picture has no pixels.
  case empty(width: Int, height: Int)
  /// The difference between the darkest and the lightest grey is too small for ink on paper.
  case blank(lowest: UInt8, highest: UInt8)
  /// The strongest ink is too faint, on a scale where black on white is 255.
  case faint(ink: Double)
  /// The contrast of the strongest ink is too close to the noise of the paper. Both are grey values.
  case lostInNoise(contrast: Double, noise: Double)
  /// The picture does not show whether the ink is dark or light. `darkShare` is the fraction of the evidence for dark
  /// ink.
  case polarityUnclear(darkShare: Double)
  /// Too large a fraction of the picture would be ink.
  case inkEverywhere(share: Double)
  /// A picture to be used unchanged has neither the model's size nor the size of an exact enlargement.
  case otherSize(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)
}

extension DigitPreparationError: CustomStringConvertible {
  /// One plain sentence, without the name of the picture.
  public var description: String {
    switch self {
    case .empty(let width, let height):
      "the picture has no pixels: its width is \(width) and its height is \(height)"
    case .blank(let lowest, let highest) where lowest == highest:
      "the picture is blank: every pixel has the grey value \(lowest)"
    case .blank(let lowest, let highest):
      "the picture is blank: its grey values range from \(lowest) to \(highest), but ink must differ from paper "
        + "by at least \(DigitPreparation.lowestContrast)"
    case .faint(let ink):
      "no digit found: the darkest or lightest parts differ from the paper by only \(rounded(ink)) of 255"
    case .lostInNoise(let contrast, let noise):
      "no digit found: the darkest or lightest parts differ from the paper by \(rounded(contrast)) grey values, "
        + "but the noise of the paper is \(rounded(noise))"
    case .polarityUnclear(let share):
      "cannot decide whether the ink is dark or light: \(Int((share * 100).rounded())) % of the evidence is for dark"
    case .inkEverywhere(let share):
      "no digit found: \(Int((share * 100).rounded())) % of the picture would be ink"
    case .otherSize(let width, let height, let expectedWidth, let expectedHeight):
      "the picture has \(width) by \(height) pixels, expected \(expectedWidth) by \(expectedHeight) or an exact "
        + "enlargement: other sizes cannot be used unchanged"
    }
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
