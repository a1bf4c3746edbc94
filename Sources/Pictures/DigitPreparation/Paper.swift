/// The paper of a picture: what it would be without the ink.
enum Paper: Equatable {
  /// The same grey everywhere, as of a drawing or a screen.
  case flat(Double)
  /// Uneven, as in a photograph.
  case uneven

  /// How far greys of one flat paper may lie apart.
  static let flatTolerance = 2.0

  /// The share of the border that makes one grey the paper's: clearly more than half.
  static let flatShare = 0.55

  /// What the outermost pixels are: flat, if most of them have the same grey.
  static func around(_ plane: Plane) -> Paper {
    let border = plane.border
    let median = border.quantile(0.5)
    let near = border.count { abs($0 - median) <= flatTolerance }
    return Double(near) >= flatShare * Double(border.count) ? .flat(median) : .uneven
  }
}
