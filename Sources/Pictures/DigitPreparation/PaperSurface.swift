/// Paper under uneven light: a smooth surface for the light's fall, and on it what is left in places wider than strokes,
/// such as a shadow's.
struct PaperSurface {
  /// The paper's greys on a coarse grid.
  private(set) var plane: Plane

  /// The longest side of the coarse grid.
  static let side = 96

  /// The paper and the ink's polarity, told from a picture.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` where neither is given nor can be told.
  static func fit(
    _ picture: Plane, polarity known: InkPolarity?
  ) throws(DigitPreparationError) -> (surface: PaperSurface, polarity: InkPolarity) {
    let coarse = picture.reduced(by: factor(for: picture))
    let trend = QuadraticSurface(fittedTo: coarse)
    let polarity: InkPolarity
    if let known {
      polarity = known
    } else {
      // Ink is the smaller part of a picture and far from the paper, so that cubes tell its side.
      var dark = 0.0
      var light = 0.0
      for y in 0..<coarse.height {
        for x in 0..<coarse.width {
          let deviation = coarse[x, y] - trend.value(x, y)
          let cube = deviation * deviation * deviation
          if cube < 0 { dark -= cube } else { light += cube }
        }
      }
      polarity = try InkPolarity(dark: dark, light: light)
    }
    return (PaperSurface(coarse, trend, polarity), polarity)
  }

  private init(_ coarse: Plane, _ trend: QuadraticSurface, _ polarity: InkPolarity) {
    var deviations = coarse
    for y in 0..<coarse.height {
      for x in 0..<coarse.width { deviations.values[y * coarse.width + x] -= trend.value(x, y) }
    }
    // Whatever is narrower than a window of half the picture goes: ink, and nothing of a shadow's size.
    let radius = max(1, min(coarse.width, coarse.height) / 4)
    let closed = deviations.closed(radius: radius, fillsDark: polarity == .dark)
    // Both are as light as the paper or lighter, the one where the light falls off to the edge, the other in a shadow.
    plane = coarse.closed(radius: radius, fillsDark: polarity == .dark)
    for y in 0..<coarse.height {
      for x in 0..<coarse.width {
        let index = y * coarse.width + x
        let other = closed.values[index] + trend.value(x, y)
        let nearer = polarity == .dark ? min(plane.values[index], other) : max(plane.values[index], other)
        plane.values[index] = max(0, min(255, nearer))
      }
    }
  }

  /// How far apart the coarse grid's points are on a picture.
  static func scale(for picture: Plane) -> Double { Double(factor(for: picture)) }

  private static func factor(for picture: Plane) -> Int { (max(picture.width, picture.height) + side - 1) / side }

  /// The paper's grey at a pixel of the picture, between the four nearest points.
  func value(_ x: Int, _ y: Int, _ scale: Double) -> Double {
    let across = max(0, min(Double(plane.width - 1), (Double(x) + 0.5) / scale - 0.5))
    let down = max(0, min(Double(plane.height - 1), (Double(y) + 0.5) / scale - 0.5))
    let (left, top) = (Int(across), Int(down))
    let (right, bottom) = (min(left + 1, plane.width - 1), min(top + 1, plane.height - 1))
    let (u, v) = (across - Double(left), down - Double(top))
    return (plane[left, top] * (1 - u) + plane[right, top] * u) * (1 - v)
      + (plane[left, bottom] * (1 - u) + plane[right, bottom] * u) * v
  }
}
