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
    let ink = try Self.ink(in: Plane(image, reducedBy: factor), polarity).cleaned()
    return placed(ink, reducedBy: factor)
  }

  /// The digit as it is, where it is to be taken so.
  private func taken(
    _ image: GreyscaleImage, highest: UInt8, _ recognition: Recognition
  ) throws(DigitPreparationError) -> PreparedDigit? {
    if case .off = recognition { return nil }
    let enlargement = image.enlargement(ofWidth: form.columnCount, height: form.rowCount)
    if case .automatic = recognition {
      guard let enlargement, highest > 0 else { return nil }
      let own = image.reduced(by: enlargement)
      // A light border is that of paper.
      if case .flat(let grey) = Paper.around(
        Plane(width: form.columnCount, height: form.rowCount, values: own.map(Double.init))), grey >= 128
      {
        return nil
      }
    }
    guard let enlargement else {
      throw .otherSize(
        width: image.width, height: image.height, expectedWidth: form.columnCount, expectedHeight: form.rowCount)
    }
    var pixels = image.reduced(by: enlargement)
    // Pictures to look at have their greys spread; those of a converted data set have its values.
    if form.white < 255, highest > form.white {
      pixels = pixels.map { UInt8((Int($0) * Int(form.white) * 2 + 255) / 510) }
    }
    return PreparedDigit(form: form, pixels: pixels, treatment: .taken(enlargement: enlargement))
  }

  private static func ink(in plane: Plane, _ polarity: InkPolarity?) throws(DigitPreparationError) -> Ink {
    switch Paper.around(plane) {
    case .flat(let grey):
      return try Ink(of: plane, onFlat: grey, polarity: polarity)
    case .uneven:
      let (surface, polarity) = try PaperSurface.fit(plane, polarity: polarity)
      return Ink(of: plane, onUneven: surface, polarity: polarity)
    }
  }
}
