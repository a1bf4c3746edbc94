/// The ink of a picture apart from its paper: 0 where there is none, 255 where it is full.
struct Ink: Equatable {
  var amounts: Plane
  let polarity: InkPolarity
  let paper: Paper
  /// How far grey values vary on the paper by themselves.
  let noise: Double

  /// The ink on a paper of one grey.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` where neither is given nor can be told.
  init(of plane: Plane, onFlat grey: Double, polarity known: InkPolarity?) throws(DigitPreparationError) {
    var dark = 0.0
    var light = 0.0
    for value in plane.values {
      if value < grey { dark += grey - value } else { light += value - grey }
    }
    if let known { polarity = known } else { polarity = try InkPolarity(dark: dark, light: light) }
    paper = .flat(grey)
    noise = 0
    amounts = plane.map { [polarity] in Self.amount($0, paper: grey, polarity, lowestPaper: 1) }
  }

  /// The ink on a paper that is lighter in some places than in others, and grainy.
  init(of plane: Plane, onUneven surface: PaperSurface, polarity: InkPolarity) {
    self.polarity = polarity
    paper = .uneven
    noise = plane.noise
    // A grain that is some way towards the ink would leave holes in it.
    let smooth = noise > 4 ? plane.smoothed() : plane
    let scale = PaperSurface.scale(for: plane)
    var amounts = smooth
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        let index = y * plane.width + x
        amounts.values[index] = Self.amount(
          smooth.values[index], paper: surface.value(x, y, scale), polarity, lowestPaper: Self.lowestUnevenPaper)
      }
    }
    self.amounts = amounts
  }

  /// In the deep dark of an uneven picture a grey or two would be most of the light.
  private static let lowestUnevenPaper = 48.0

  /// How much of the light that the paper gives back is gone; of a dark ground, how much of the dark.
  ///
  /// - Parameter lowestPaper: paper that gives back less than this is taken to give back so much.
  private static func amount(
    _ grey: Double, paper: Double, _ polarity: InkPolarity, lowestPaper: Double
  ) -> Double {
    let full = polarity == .dark ? paper : 255 - paper
    let gone = polarity == .dark ? paper - grey : grey - paper
    return 255 * max(0, min(1, gone / max(full, lowestPaper)))
  }
}

extension InkPolarity {
  /// The share of the evidence that has to be for one of the two.
  static let neededShare = 0.55

  /// The polarity that most of the evidence is for.
  init(dark: Double, light: Double) throws(DigitPreparationError) {
    let share = dark + light > 0 ? dark / (dark + light) : 0.5
    guard max(share, 1 - share) >= Self.neededShare else { throw .polarityUnclear(darkShare: share) }
    self = share > 0.5 ? .dark : .light
  }
}
