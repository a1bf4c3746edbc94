public import Images

/// A converter from pictures of handwritten digits to the input pixels of a model.
///
/// ```swift
/// let preparation = DigitPreparation(form: .mnist)
/// let digit = try preparation.prepare(PNG.decode(DurableFile.read("mine.png")))
/// let answer = try model.outputs(for: digit.pixels)
/// ```
///
/// The steps resemble those that made the model's data set:
///
/// - The ink is separated from the paper. The ink may be darker or lighter than the paper.
/// - The uneven light of a photograph is compensated. Grain and specks are removed.
/// - The ink is cut out, scaled to the form's box by averaging areas, and centred.
///
/// A picture is used unchanged if it is already a digit of the form, or such a digit exactly enlarged by a whole
/// factor. A digit that was saved as PNG therefore gets the same answer as the original digit.
///
/// The picture must show one digit and little else. The same picture gives the same pixels on any machine.
///
/// Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proceedings of the
/// IEEE 86 (1998), III.A, for the placement of MNIST's digits.
public struct DigitPreparation: Sendable {
  /// The rule that decides whether a picture is used unchanged.
  public enum Recognition: Sendable {
    /// A picture is used unchanged if it has the form's size, or was exactly enlarged from this size. A picture with a
    /// light border is always prepared.
    case automatic
    /// Every picture is used unchanged. The picture must have the form's size, or be exactly enlarged from this size.
    /// Any other picture causes an error.
    case required
    /// Every picture is prepared, even if it has the form's size.
    case off
  }

  /// The smallest allowed difference between the darkest and the lightest grey of a picture.
  public static let lowestContrast = 12

  /// The longest side, in pixels, that a picture can have while it is processed. Larger pictures are reduced first.
  ///
  /// The reduction does no harm, because a finished digit has only about 20 pixels on a side.
  static let workingSide = 1024

  /// The form of the prepared digits.
  public let form: DigitForm

  /// Creates a converter to digits of the given form.
  public init(form: DigitForm) { self.form = form }

  /// Returns the digit that a picture shows, in the form of the model's data set.
  ///
  /// - Parameters:
  ///   - image: A photograph, a scan or a drawing of one digit on paper. The picture may have any size.
  ///   - polarity: The polarity of the ink: dark or light. If nil, the polarity is detected from the picture.
  ///   - recognition: The rule that decides whether the picture is used unchanged.
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

  /// Returns the unchanged picture as a digit, or nil if the picture has to be prepared.
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
    // A pixel above the form's largest value shows that the picture was stretched to 0...255 for viewing. Scale the
    // pixels back to the data set's range.
    if form.largestPixel < 255, highest > form.largestPixel {
      pixels = pixels.map { UInt8((Int($0) * Int(form.largestPixel) * 2 + 255) / 510) }
    }
    return PreparedDigit(form: form, pixels: pixels, treatment: .taken(enlargement: enlargement))
  }
}

extension GreyscaleImage {
  /// Returns the whole factor by which a smaller picture was enlarged to this picture, or nil if there is no such
  /// factor.
  ///
  /// In an exact enlargement, each pixel of the smaller picture has become a square of one grey. The factor is 1 if
  /// this picture has the size of the smaller picture.
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
  /// The strongest ink is too faint. On the scale of `ink`, black on white is 255.
  case faint(ink: Double)
  /// The contrast of the strongest ink is too close to the noise of the paper. Both numbers are grey values.
  case lostInNoise(contrast: Double, noise: Double)
  /// The picture does not show whether the ink is dark or light. `darkShare` is the fraction of the evidence that
  /// supports dark ink.
  case polarityUnclear(darkShare: Double)
  /// The ink would cover too large a fraction of the picture.
  case inkEverywhere(share: Double)
  /// The picture must be used unchanged, but it neither has the expected size nor was exactly enlarged from this size.
  case otherSize(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)
}

extension DigitPreparationError: CustomStringConvertible {
  /// The error message: one plain sentence that does not name the picture.
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
