public import Images

/// Makes of any picture of a handwritten digit the pixels that a model expects, in the way its data set was made.
///
/// ```swift
/// let preparation = DigitPreparation(form: .mnist)
/// let digit = try preparation.prepare(PNG.decode(DurableFile.read("mine.png")))
/// let answer = try model.outputs(for: digit.pixels)
/// ```
///
/// Ink is told from paper, whichever is the darker one; the uneven light of a photograph is evened out, and grain and
/// specks are left out; what is left is cut out, scaled by the mean of areas into the form's box, and put in the middle.
/// A picture that is a digit of the form already, or an exact enlargement of one by a whole factor, is taken as it is, so
/// that a model answers for a digit that was written as PNG as it answers for the original.
///
/// The picture shows one digit and little else. The same picture gives the same pixels, on any machine.
///
/// Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proceedings of the
/// IEEE 86 (1998), III.A, for how MNIST's digits were placed.
public struct DigitPreparation: Sendable {
  /// When a picture of the form's own is taken as it is.
  public enum Recognition: Sendable {
    /// Where it has exactly the form's size, or is an exact enlargement, and its border is not light.
    case automatic
    /// Always; any other picture is an error.
    case required
    /// Never.
    case off
  }

  /// By how many greys ink has to differ from paper.
  public static let lowestContrast = 12

  /// Pictures with a longer side than this are made smaller first; a digit has 20 pixels in the end.
  static let workingSide = 1024

  /// What digits are made into.
  public let form: DigitForm

  /// A preparation for a form.
  public init(form: DigitForm) { self.form = form }

  /// A picture as a digit.
  ///
  /// - Parameters:
  ///   - image: one digit on paper, of any size; a photograph, a scan or a drawing.
  ///   - polarity: which of ink and paper is the darker one; told from the picture where nil.
  ///   - recognition: whether a picture in the form already is taken as it is.
  /// - Throws: ``DigitPreparationError`` where there is no ink, or where it cannot be told from the paper.
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

  /// The digit as it is, where it is to be taken so.
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
      // A light border is that of paper.
      let own = Plane(width: form.columnCount, height: form.rowCount, values: pixels.map(Double.init))
      if case .flat(let grey) = Paper.around(own), grey >= 128 { return nil }
    }
    // Pictures to look at have their greys spread; those of a converted data set have its values.
    if form.largestPixel < 255, highest > form.largestPixel {
      pixels = pixels.map { UInt8((Int($0) * Int(form.largestPixel) * 2 + 255) / 510) }
    }
    return PreparedDigit(form: form, pixels: pixels, treatment: .taken(enlargement: enlargement))
  }
}

extension GreyscaleImage {
  /// The whole factor by which a picture of the given size was enlarged to this one, every pixel a square of one grey;
  /// 1 for a picture of that size, nil for any other picture.
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

  /// One pixel out of each square of `factor` by `factor`.
  fileprivate func reduced(by factor: Int) -> [UInt8] {
    guard factor > 1 else { return pixels }
    return stride(from: 0, to: height, by: factor).flatMap { y in
      stride(from: 0, to: width, by: factor).map { x in pixels[y * width + x] }
    }
  }
}

/// Why a picture was not made into a digit: nothing is guessed where nothing can be told.
public enum DigitPreparationError: Error, Equatable, Sendable {
  /// The picture has no pixels.
  case empty(width: Int, height: Int)
  /// The greys differ by less than ink differs from paper.
  case blank(lowest: UInt8, highest: UInt8)
  /// What differs from the paper is too little for ink; of 255 for black on white.
  case faint(ink: Double)
  /// What there is does not rise above the noise of the paper; both in greys.
  case lostInNoise(contrast: Double, noise: Double)
  /// As much speaks for dark ink as for light ink: the share of the evidence that is for dark ink.
  case polarityUnclear(darkShare: Double)
  /// So large a share of the picture would be ink that no digit can be told from paper.
  case inkEverywhere(share: Double)
  /// Asked for as it is, a picture is neither of the model's size nor an exact enlargement of such a one.
  case otherSize(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)
}

extension DigitPreparationError: CustomStringConvertible {
  /// One plain sentence, without the picture's name.
  public var description: String {
    switch self {
    case .empty(let width, let height):
      "a picture of \(width) by \(height) pixels has nothing to look at"
    case .blank(let lowest, let highest) where lowest == highest:
      "the picture is blank: all of it has the grey \(lowest)"
    case .blank(let lowest, let highest):
      "the picture is blank: its greys are from \(lowest) to \(highest), and ink differs from paper by "
        + "\(DigitPreparation.lowestContrast) or more"
    case .faint(let ink):
      "no digit stands out: the darkest or lightest parts differ from the paper by \(rounded(ink)) of 255"
    case .lostInNoise(let contrast, let noise):
      "no digit stands out: the darkest or lightest parts differ from the paper by \(rounded(contrast)) greys, and the "
        + "paper's own noise is \(rounded(noise))"
    case .polarityUnclear(let share):
      "it cannot be told whether the ink is dark or light: \(Int((share * 100).rounded())) % of the evidence is for dark"
    case .inkEverywhere(let share):
      "no digit stands out: \(Int((share * 100).rounded())) % of the picture would be ink"
    case .otherSize(let width, let height, let expectedWidth, let expectedHeight):
      "the picture has \(width) by \(height) pixels, expected \(expectedWidth) by \(expectedHeight) or an exact "
        + "enlargement of such a one to be taken as it is"
    }
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
