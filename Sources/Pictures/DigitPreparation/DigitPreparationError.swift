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
